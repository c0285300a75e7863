import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodePerformance,
  decodePerformanceHour,
  encodePerformance,
} from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import { mergeAllPerformance, performanceOf } from '../../../shared/domain/ground-truth/performance.ts';

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
