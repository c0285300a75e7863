import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePerformance,
  decodePerformanceHour,
  encodePerformance,
} from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import { mergeFiveMinutes, mergeHours } from '../../../shared/domain/ground-truth/merge-window.ts';
import { mergeAllPerformance, performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { performanceRows } from '../../../shared/domain/ground-truth/performance-codec.ts';

const details = (kind: 'binary' | 'regression', score: number) => ({
  served: 3.5,
  delays: { 3: 2, 40: 1 },
  imputed: performanceOf(kind, [{ score, label: 0 }]),
  ranking,
});
const ranking = {
  lists: 3,
  judgedLists: 2,
  hits: 1,
  sumNdcg: 0.75,
  sumRecall: 0.5,
  sumPrecision: 0.2,
  sumAveragePrecision: 0.25,
  sumReciprocalRank: 0.5,
};
const twice = Object.fromEntries(Object.entries(ranking).map(([name, sum]) => [name, 2 * sum]));
const row = fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), label: fc.constantFrom(0, 1) });

it.each(['binary', 'regression'] as const)(
  'reads an hour of %s points to the same sums as its points merged',
  (kind) => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 9 }), { maxLength: 12 }), (hour) => {
        const stored = encodePerformance(
          hour.map((rows, index) => ({ index, predictions: rows.length + 1, performance: performanceOf(kind, rows) })),
        );
        const points = decodePerformance(stored);
        const read = decodePerformanceHour(stored);
        expect(mergeAllPerformance(read.map(({ performance }) => performance))).toEqual(
          mergeAllPerformance(points.map(({ performance }) => performance)),
        );
        const seen = (all: typeof read) => all.reduce((sum, { predictions }) => sum + predictions, 0);
        expect(seen(read)).toBe(seen(points));
      }),
    );
  },
);

describe.each(['binary', 'regression'] as const)('what stands beside the performance of a %s point', (kind) => {
  const bare = { index: 1, predictions: 2, performance: performanceOf(kind, [{ score: 0.25, label: 1 }]) };
  const detailed = { ...bare, index: 4, ...details(kind, 0.75) };

  it('is stored with it, and takes no room where there is nothing', () => {
    expect(decodePerformance(encodePerformance([bare, detailed]))).toEqual([bare, detailed]);
    expect(performanceRows([bare]).rows[0]).toHaveLength(kind === 'binary' ? 10 : 8);
  });

  it('is merged over points and buckets, the sampled with those that were all sent', () => {
    const stored = [encodePerformance([bare, detailed]), encodePerformance([{ ...detailed, delays: { 40: 2 } }])];
    const expected = {
      hour: '2001-01-22T06',
      predictions: 6,
      served: 9,
      delays: { 3: 2, 40: 3 },
      imputed: performanceOf(kind, [
        { score: 0.75, label: 0 },
        { score: 0.75, label: 0 },
      ]),
      ranking: twice,
    };
    for (const decode of [decodePerformance, decodePerformanceHour]) {
      const hours = mergeHours(stored.map((data) => ({ hour: '2001-01-22T06', value: decode(data) })));
      expect(hours).toEqual([{ ...expected, performance: expect.objectContaining({ n: 3 }) }]);
    }
    const points = mergeFiveMinutes(
      stored.map((data) => ({ hour: '2001-01-22T06', value: decodePerformance(data) })),
      { from: '2001-01-22T06:20:00.000Z', to: '2001-01-22T07:00:00.000Z' },
    );
    expect(points).toEqual([expect.objectContaining({ served: 7, delays: { 3: 2, 40: 3 }, ranking: twice })]);
  });
});
