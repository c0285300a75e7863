import { describe, expect, it } from 'vitest';
import { dayCohorts } from '../../../shared/domain/health/day-cohorts.ts';
import { hoursOf, performanceByHour } from './late-flights.ts';

const end = '2001-02-08T10:00:00.000Z';
const sizesFrom = (from: string, to = end) =>
  dayCohorts(performanceByHour(hoursOf(from, to)), end).map(({ predictions }) => predictions / 40);

describe('dayCohorts', () => {
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

  it('keeps a day on which nothing turned out, and leaves out one on which nothing was predicted', () => {
    const hours = [
      ...hoursOf('2001-02-05T10:00:00.000Z', '2001-02-06T10:00:00.000Z'),
      ...hoursOf('2001-02-07T10:00:00.000Z', end, {}, { coverageRatio: 0 }),
    ];
    const cohorts = dayCohorts(performanceByHour(hours), end);
    expect(cohorts.map(({ predictions, performance }) => [predictions, performance?.n])).toEqual([
      [960, 960],
      [960, undefined],
    ]);
  });
});
