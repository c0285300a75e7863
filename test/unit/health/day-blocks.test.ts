import { describe, expect, it } from 'vitest';
import { dayBlocks } from '../../../shared/domain/health/day-blocks.ts';
import { hoursOf, performanceByHour } from './late-flights.ts';

const end = '2001-02-08T10:00:00.000Z';
const sizesFrom = (from: string, to = end) =>
  dayBlocks(performanceByHour(hoursOf(from, to)), end).map(({ n }) => n / 40);

describe('dayBlocks', () => {
  it('counts days of 24 hours back from the end, whatever the clock says', () => {
    expect(sizesFrom('2001-02-05T10:00:00.000Z')).toEqual([24, 24, 24]);
  });

  it('adds the hours left over to the oldest day', () => {
    expect(sizesFrom('2001-02-05T00:00:00.000Z')).toEqual([34, 24, 24]);
    expect(sizesFrom('2001-02-05T11:00:00.000Z')).toEqual([47, 24]);
  });

  it('is one block below a day, and none without hours', () => {
    expect(sizesFrom('2001-02-08T00:00:00.000Z')).toEqual([10]);
    expect(sizesFrom(end)).toEqual([]);
  });

  it('leaves out days on which nothing was predicted or nothing turned out', () => {
    const hours = [
      ...hoursOf('2001-02-05T10:00:00.000Z', '2001-02-06T10:00:00.000Z'),
      ...hoursOf('2001-02-06T10:00:00.000Z', '2001-02-07T10:00:00.000Z', {}, { coverageRatio: 0 }),
    ];
    expect(dayBlocks(performanceByHour(hours), end)).toHaveLength(1);
  });
});
