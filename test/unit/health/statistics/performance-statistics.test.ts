import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../../../shared/domain/health/statistics/average-precision.ts';
import { brierScore } from '../../../../shared/domain/health/statistics/brier-score.ts';
import { calibrationError } from '../../../../shared/domain/health/statistics/calibration-error.ts';
import { classScores } from '../../../../shared/domain/health/statistics/class-scores.ts';
import { delong, pairedDelong } from '../../../../shared/domain/health/statistics/delong.ts';
import { logLoss } from '../../../../shared/domain/health/statistics/log-loss.ts';
import { mcnemar } from '../../../../shared/domain/health/statistics/mcnemar.ts';
import {
  averagePrecisionAt,
  hitRateAt,
  normalizedDiscountedGain,
  precisionAt,
  recallAt,
  reciprocalRankAt,
} from '../../../../shared/domain/health/statistics/ranking-metrics.ts';
import { rocAuc } from '../../../../shared/domain/health/statistics/roc-auc.ts';
import { sortedSample } from '../../../../shared/domain/health/statistics/sorted-sample.ts';
import { cohensD, pairedMeanTest, welchTest } from '../../../../shared/domain/health/statistics/welch-test.ts';
import { wilcoxonSignedRank } from '../../../../shared/domain/health/statistics/wilcoxon-signed-rank.ts';
import { wilsonInterval } from '../../../../shared/domain/health/statistics/wilson-interval.ts';
import { Comparison } from '../../../oracles/compare.ts';
import { numericFigures } from '../../../oracles/drift-figures.ts';
import { binaryFigures, cbpeFigures, delongFigures, regressionFigures } from '../../../oracles/performance-figures.ts';
import { errorRateFigures, mcnemarFigures } from '../../../oracles/two-sample-figures.ts';
import oracles from '../fixtures/statistics-oracles.json' with { type: 'json' };

const rows = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1),
    fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  ),
  { maxLength: 60 },
);
const split = (all: readonly (readonly [number, number])[]) =>
  [all.map(([label]) => label), all.map(([, score]) => score)] as const;

describe('figures of a few rows', () => {
  it.each(oracles.examples)('agree with $id', ({ id, kind, input, expected }) => {
    const comparison = new Comparison(id);
    comparison.case(id, expected, figuresOf(kind, input));
    comparison.finish();
  });

  it.each(oracles.proportions)('agree with the error rates of $origin', ({ origin, errorRate, mcnemar: paired }) => {
    const comparison = new Comparison(origin);
    comparison.case(origin, errorRate, errorRateFigures(errorRate.k1, errorRate.n1, errorRate.k2, errorRate.n2));
    comparison.case(origin, paired, mcnemarFigures(paired.onlyControlCorrect, paired.onlyCandidateCorrect));
    comparison.finish();
  });
});

type Input = Readonly<Record<string, unknown>>;

function figuresOf(kind: string, input: Input): unknown {
  const column = (name: string) => (input[name] ?? []) as readonly number[];
  if (kind === 'numericDrift') return numericFigures(column('reference'), column('production'));
  if (kind === 'binaryMetrics') return binaryFigures(column('labels'), column('scores'));
  if (kind === 'regressionMetrics') return regressionFigures(column('labels'), column('predictions'));
  if (kind === 'cbpe') return cbpeFigures(column('scores'), column('calibrated'));
  return delongFigures(column('labels'), column('scoresA'), column('scoresB'));
}

describe('rocAuc', () => {
  it('is the share of pairs in order, ties half', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const pairs = all.flatMap(([l, s]) => (l === 1 ? all.filter(([k]) => k === 0).map(([, t]) => s - t) : []));
        const { value } = rocAuc(classScores(...split(all)));
        if (pairs.length === 0) expect(value).toBeNull();
        else
          expect(value).toBeCloseTo(
            pairs.filter((d) => d > 0).length / pairs.length + pairs.filter((d) => d === 0).length / 2 / pairs.length,
            12,
          );
      }),
    );
  });
});

describe('delong', () => {
  it('has the AUC of the pairs and no negative variance, paired with itself no difference', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, scores] = split(all);
        const estimate = delong(labels, scores);
        const paired = pairedDelong(labels, scores, scores);
        if (estimate.value === null) expect(paired.value).toBeNull();
        else {
          expect(estimate.value).toBeCloseTo(rocAuc(classScores(labels, scores)).value ?? Number.NaN, 12);
          expect(estimate.variance).toBeGreaterThanOrEqual(0);
          expect(paired).toMatchObject({ value: 0, z: null, pValue: null });
        }
      }),
    );
  });
});

describe('statistics of binary predictions', () => {
  it('are finite for any rows, or undefined with a reason', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, scores] = split(all);
        const measured = [
          logLoss(labels, scores),
          brierScore(labels, scores),
          calibrationError(labels, scores),
          averagePrecision(classScores(labels, scores)),
        ];
        for (const result of measured) {
          if (result.value === null) expect(result).toHaveProperty('reason');
          else expect(Number.isFinite(result.value) && result.value >= 0).toBe(true);
        }
      }),
    );
  });

  it('do not fail on scores that are no probabilities', () => {
    for (const result of [calibrationError, logLoss, brierScore].map((metric) => metric([1, 0], [Number.NaN, 7]))) {
      expect(result).toMatchObject({ value: null, reason: expect.stringContaining('not a finite number') });
    }
    expect(delong([1, 1, 0, 0], [Number.NaN, 1, 2, 3]).value).toBeNull();
    expect(logLoss([1, 0], [0, 1]).value).toBeCloseTo(15 * Math.LN10, 2);
  });
});

describe('wilsonInterval', () => {
  it('holds the share, and is narrower for more rows', () => {
    const few = wilsonInterval(9, 10);
    const many = wilsonInterval(900, 1_000);
    const width = (test: typeof few) => (test.value === null ? Number.NaN : test.interval[1] - test.interval[0]);
    expect(width(many)).toBeLessThan(width(few));
    expect(wilsonInterval(0, 10)).toMatchObject({
      value: 0,
      interval: [expect.closeTo(0, 12), expect.closeTo(0.2775, 4)],
    });
  });
});

describe('paired tests', () => {
  it('mcnemar is the sign test of the disagreements (Sokal & Rohlf: 1 against 9, p 0.0215)', () => {
    expect(mcnemar(1, 9).pValue).toBeCloseTo(22 / 1_024, 12);
    expect(mcnemar(4, 4).pValue).toBe(1);
    expect(mcnemar(0, 0)).toMatchObject({ value: null, reason: 'the two never disagree' });
  });

  it("wilcoxonSignedRank and pairedMeanTest see Student's sleep data (1908)", () => {
    const gained = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
    expect(pairedMeanTest(sortedSample(gained))).toMatchObject({ value: expect.closeTo(4.0621, 4) });
    expect(wilcoxonSignedRank(gained)).toEqual({ value: 0, pValue: expect.closeTo(0.0077, 3) });
    expect(wilcoxonSignedRank([0, 0]).value).toBeNull();
  });

  it('of means are undefined without variance', () => {
    expect(welchTest(sortedSample([1, 1]), sortedSample([2, 2])).value).toBeNull();
    expect(cohensD(sortedSample([1, 1]), sortedSample([2, 2])).value).toBeNull();
    expect(pairedMeanTest(sortedSample([3, 3])).value).toBeNull();
  });
});

describe('ranking metrics', () => {
  const list = { hits: [0, 1, 0, 1] as const, relevant: 3 };

  it('count what is found among the first k', () => {
    expect(recallAt(list, 2).value).toBeCloseTo(1 / 3, 12);
    expect(precisionAt(list, 4).value).toBe(0.5);
    expect(hitRateAt(list, 1).value).toBe(0);
    expect(reciprocalRankAt(list, 4).value).toBe(0.5);
    expect(averagePrecisionAt(list, 4).value).toBeCloseTo((1 / 2 + 2 / 4) / 3, 12);
  });

  it('give 1 to the best list and less to any other', () => {
    expect(normalizedDiscountedGain([3, 1, 0], [0, 3, 1], 3).value).toBe(1);
    expect(normalizedDiscountedGain([1, 3, 0], [0, 3, 1], 3).value).toBeLessThan(1);
  });

  it('are undefined when nothing was relevant', () => {
    const nothing = { hits: [0, 0] as const, relevant: 0 };
    for (const metric of [recallAt, hitRateAt, averagePrecisionAt, reciprocalRankAt]) {
      expect(metric(nothing, 2)).toMatchObject({ value: null, reason: 'no relevant item' });
    }
    expect(normalizedDiscountedGain([0], [0], 1).value).toBeNull();
  });
});
