import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePerformance, encodePerformance } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import type { BinaryPerformance, RegressionPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { logLoss } from '../../../shared/domain/ground-truth/loss.ts';
import {
  mergeAllPerformance,
  mergePerformance,
  performanceOf,
} from '../../../shared/domain/ground-truth/performance.ts';
import type { ScoredLabel } from '../../../shared/domain/ground-truth/performance-accumulator.ts';
import {
  aucOf,
  binaryMetricsOf,
  metricsOf,
  regressionMetricsOf,
} from '../../../shared/domain/ground-truth/performance-metrics.ts';
import oracles from './fixtures/metric-oracles.json' with { type: 'json' };

function binary(rows: readonly ScoredLabel[]): BinaryPerformance {
  const sums = performanceOf('binary', rows);
  if (sums.kind !== 'binary') throw new Error(sums.kind);
  return sums;
}

function regression(rows: readonly ScoredLabel[]): RegressionPerformance {
  const sums = performanceOf('regression', rows);
  if (sums.kind !== 'regression') throw new Error(sums.kind);
  return sums;
}

/** Mann-Whitney, pair by pair. */
function exactAuc(rows: readonly ScoredLabel[]): number {
  const positives = rows.filter(({ label }) => label === 1);
  const negatives = rows.filter(({ label }) => label === 0);
  const wins = positives.flatMap((p) => negatives.map((q) => (p.score > q.score ? 1 : p.score === q.score ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

function expectClose(actual: number | null | undefined, expected: number | null): void {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-12);
}

const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1));
const row = fc.record({ score, label: fc.constantFrom(0, 1) });
const rows = fc.array(row, { maxLength: 60 });
const realRows = fc.array(
  fc.record({ score: fc.integer({ min: -9_999, max: 9_999 }), label: fc.integer({ min: -9_999, max: 9_999 }) }),
  { maxLength: 40 },
);

describe('binary metrics', () => {
  it.each(oracles.binary)('agree with scikit-learn on $case', ({ labels, scores, expected }) => {
    const sums = binary(scores.map((value, i) => ({ score: value, label: labels[i]! })));
    const { n, values } = binaryMetricsOf(sums);
    expect(n).toBe(expected.n);
    expectClose(values.accuracy, expected.accuracy);
    expectClose(values.baseRate, expected.prevalence);
    expectClose(values.brier, expected.brier);
    expectClose(values.logLoss, expected.logLoss);
    const auc = aucOf(sums);
    expect(Math.abs((auc?.auc ?? 0) - (expected.rocAuc ?? 0))).toBeLessThanOrEqual((auc?.errorBound ?? 0) + 1e-12);
  });

  it('know the AUC within the bound they state', () => {
    const law = fc.property(rows, (some) => {
      const auc = aucOf(binary(some));
      const hasBoth = new Set(some.map(({ label }) => label)).size === 2;
      expect(auc !== undefined).toBe(hasBoth);
      if (auc !== undefined) expect(Math.abs(auc.auc - exactAuc(some))).toBeLessThanOrEqual(auc.errorBound + 1e-12);
    });
    fc.assert(law, { numRuns: 300 });
  });

  it('state a bound of about a thousandth for scores spread over the range', () => {
    const spread = Array.from({ length: 4_000 }, (_, i) => ({
      score: (i + 0.5) / 4_000,
      label: (i * 7) % 5 === 0 ? 1 : 0,
    }));
    expect(aucOf(binary(spread))?.errorBound).toBeCloseTo(1 / 1_024, 4);
  });

  it('know the AUC exactly when no bin holds both classes', () => {
    const apart = [0.1, 0.2, 0.3, 0.4].map((value, i) => ({ score: value, label: i % 2 }));
    expect(aucOf(binary(apart))).toEqual({ auc: 0.75, errorBound: 0 });
  });

  it('measure skill against the constant prediction of the base rate', () => {
    const constant = Array.from({ length: 8 }, (_, i) => ({ score: 0.25, label: i < 2 ? 1 : 0 }));
    expect(binaryMetricsOf(binary(constant)).values.logLossSkill).toBeCloseTo(0, 12);
    const sharp = constant.map(({ label }) => ({ score: label === 1 ? 0.9 : 0.1, label }));
    // 1 - ln(1/0.9) / entropy(1/4)
    expect(binaryMetricsOf(binary(sharp)).values.logLossSkill).toBeCloseTo(
      1 - 0.105360515657826 / 0.562335144618808,
      9,
    );
  });

  it('sign the calibration bias: positive when the scores are too high', () => {
    const high = binaryMetricsOf(
      binary([
        { score: 0.4, label: 0 },
        { score: 0.2, label: 0 },
      ]),
    );
    expect(high.values.calibrationBias).toBeCloseTo(0.3, 12);
    expect(high.values.meanScore).toBeCloseTo(0.3, 12);
  });

  it('say why one is undefined', () => {
    const empty = metricsOf(performanceOf('binary', []));
    expect(new Set(Object.values(empty.values))).toEqual(new Set([null]));
    expect(Object.keys(empty.reasons)).toEqual(Object.keys(empty.values));
    const oneClass = metricsOf(performanceOf('binary', [{ score: 0.3, label: 0 }]));
    expect(oneClass.reasons).toEqual({
      auc: 'all labels in the window are equal',
      logLossSkill: 'all labels in the window are equal',
    });
    expect(oneClass.values).toMatchObject({ auc: null, logLossSkill: null, brier: 0.09, baseRate: 0 });
  });

  it('clip a certain but wrong score at 1e-15', () => {
    expect(logLoss(0, 1)).toBeCloseTo(-Math.log(1e-15), 10);
    expect(logLoss(1, 0)).toBeCloseTo(-Math.log(1e-15), 1);
    expect(logLoss(1, 1)).toBeGreaterThan(0);
  });
});

describe('regression metrics', () => {
  it.each(oracles.regression)('agree with numpy on $case', ({ labels, predictions, expected }) => {
    const sums = regression(predictions.map((value, i) => ({ score: value, label: labels[i]! })));
    const { n, values } = regressionMetricsOf(sums);
    expect(n).toBe(expected.n);
    expectClose(values.rmse, expected.rmse);
    expectClose(values.mae, expected.mae);
    expectClose(values.bias, expected.bias);
  });

  it('keep what the variance of the labels follows from', () => {
    const sums = regression([
      { score: 0, label: 3 },
      { score: 0, label: 5 },
    ]);
    expect(sums).toMatchObject({ sumLabel: 8, sumSquaredLabel: 34 });
  });
});

describe('sums of windows', () => {
  /** Counts to the bit, sums to rounding. */
  function expectSame(left: object, right: object): void {
    for (const [name, value] of Object.entries(left)) {
      const other: unknown = Reflect.get(right, name);
      if (typeof value === 'number') expectClose(value, other as number);
      else expect(value).toEqual(other);
    }
  }

  it('merge in any grouping and order to those of all rows', () => {
    const law = fc.property(rows, rows, rows, (a, b, c) => {
      const [x, y, z] = [binary(a), binary(b), binary(c)];
      const all = binary([...a, ...b, ...c]);
      expectSame(mergePerformance(mergePerformance(x, y), z), all);
      expectSame(mergePerformance(x, mergePerformance(y, z)), all);
      expectSame(mergePerformance(z, mergePerformance(y, x)), all);
      expectSame(binaryMetricsOf(all).values, binaryMetricsOf(binary([...c, ...a, ...b])).values);
    });
    fc.assert(law, { numRuns: 100 });
  });

  it('merge for regressions, too', () => {
    const law = fc.property(realRows, realRows, (a, b) => {
      // Whole numbers, so the sums are exact.
      expect(mergePerformance(regression(a), regression(b))).toEqual(regression([...a, ...b]));
    });
    fc.assert(law, { numRuns: 100 });
  });

  it('come back from their stored form to the last bit', () => {
    const law = fc.property(rows, realRows, (a, b) => {
      const points = [binary(a), binary([...a].reverse())].map((performance, index) => ({
        index,
        predictions: a.length + index,
        performance,
      }));
      expect(decodePerformance(encodePerformance(points))).toEqual(points);
      const point = { index: 11, predictions: 99, performance: regression(b) };
      expect(decodePerformance(encodePerformance([point]))).toEqual([point]);
    });
    fc.assert(law, { numRuns: 100 });
  });

  it('of no parts are undefined', () => {
    expect(mergeAllPerformance([])).toBeUndefined();
  });

  it('never mix task types', () => {
    expect(() => mergePerformance(binary([]), regression([]))).toThrow(TypeError);
  });
});
