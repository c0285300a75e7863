import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectedAccuracy,
  expectedBrierScore,
  expectedConfusion,
} from '../../../../shared/domain/health/estimation/cbpe.ts';
import {
  crossFittedProbabilities,
  outsideCalibrationRatio,
} from '../../../../shared/domain/health/estimation/cross-fitted-calibration.ts';
import { expectedLoss, fitDirectLoss } from '../../../../shared/domain/health/estimation/direct-loss-estimation.ts';
import { expectedRocAuc } from '../../../../shared/domain/health/estimation/expected-roc-auc.ts';
import { calibrated, isotonicCalibration } from '../../../../shared/domain/health/estimation/isotonic-calibration.ts';
import { classScores } from '../../../../shared/domain/health/statistics/class-scores.ts';
import { rocAuc } from '../../../../shared/domain/health/statistics/roc-auc.ts';
import { gaussian, seeded } from '../statistics/seeded.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const scored = fc.array(fc.tuple(fc.oneof(probability, fc.constantFrom(0.25, 0.5)), probability), { maxLength: 40 });

describe('isotonicCalibration', () => {
  it('pools what violates the order', () => {
    expect(isotonicCalibration([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4])).toEqual({
      x: [0.1, 0.2, 0.3, 0.4],
      y: [0, 0.5, 0.5, 1],
    });
  });

  it('never falls, keeps the number of positives, and is its own calibration', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.oneof(probability, fc.constantFrom(0.25, 0.5))), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (all) => {
        const [labels, scores] = [all.map(([label]) => label), all.map(([, score]) => score)];
        const calibration = isotonicCalibration(labels, scores);
        const fitted = scores.map((score) => calibrated(calibration ?? { x: [0], y: [0] }, score));
        expect(sum(fitted)).toBeCloseTo(sum(labels), 9);
        const inOrder = scores.map((score, i) => [score, fitted[i]!] as const).sort(([a], [b]) => a - b);
        for (const [i, [, value]] of inOrder.entries())
          if (i > 0) expect(value).toBeGreaterThanOrEqual(inOrder[i - 1]![1] - 1e-12);
      }),
    );
  });

  it('is constant outside its knots', () => {
    const calibration = { x: [0.2, 0.4], y: [0.1, 0.5] };
    expect([0, 0.3, 1].map((score) => calibrated(calibration, score))).toEqual([0.1, expect.closeTo(0.3, 12), 0.5]);
    expect(isotonicCalibration([], [])).toBeUndefined();
  });
});

describe('crossFittedProbabilities', () => {
  it('do not flatter scores that say nothing', () => {
    const random = seeded(2);
    const scores = Array.from({ length: 400 }, () => random());
    const labels = scores.map(() => (random() < 0.3 ? 1 : 0));
    const own = isotonicCalibration(labels, scores) ?? { x: [0], y: [0] };
    const fitted = scores.map((score) => calibrated(own, score));
    const crossFitted = crossFittedProbabilities(labels, scores);
    if (crossFitted.value === null) throw new Error(crossFitted.reason);
    const realised = (probabilities: ArrayLike<number>) => rocAuc(classScores(labels, probabilities)).value ?? 0;
    expect(realised(fitted)).toBeGreaterThan(0.52);
    expect(realised(crossFitted.value)).toBeLessThan(0.52);
    expect(crossFittedProbabilities([1, 0], [0.2, 0.3])).toMatchObject({ reason: 'needs 100 labelled rows, has 2' });
  });

  it('have a support', () => {
    expect(outsideCalibrationRatio({ x: [0.2, 0.8], y: [0, 1] }, [0.1, 0.2, 0.5, 0.9])).toBe(0.5);
    expect(outsideCalibrationRatio({ x: [0.2, 0.8], y: [0, 1] }, [])).toBe(0);
  });
});

describe('expectations under calibrated scores', () => {
  it('are the metrics themselves when the probabilities are certain', () => {
    fc.assert(
      fc.property(scored, (all) => {
        const [scores, labels] = [all.map(([score]) => score), all.map(([, p]) => (p > 0.5 ? 1 : 0))];
        expect(expectedRocAuc(scores, labels).value).toSatisfy((value: number | null) => {
          const exact = rocAuc(classScores(labels, scores)).value;
          return value === null || exact === null ? value === exact : Math.abs(value - exact) < 1e-12;
        });
        const accuracy = expectedAccuracy(scores, labels);
        if (accuracy.value !== null) expect(accuracy.standardError).toBe(0);
      }),
    );
  });

  it('of AUC are the sum over all pairs', () => {
    fc.assert(
      fc.property(scored, (all) => {
        let [wins, pairs] = [0, 0];
        for (const [s, c] of all) {
          for (const [t, d] of all) {
            wins += c * (1 - d) * (s > t ? 1 : s === t ? 0.5 : 0);
            pairs += c * (1 - d);
          }
        }
        const { value } = expectedRocAuc(
          all.map(([s]) => s),
          all.map(([, c]) => c),
        );
        // Below this the sums themselves are rounding.
        fc.pre(pairs === 0 || pairs > 1e-9);
        if (pairs === 0) expect(value).toBeNull();
        else expect(value).toBeCloseTo(wins / pairs, 6);
      }),
    );
  });

  it('have bands that hold the realised figures nineteen times in twenty', () => {
    const random = seeded(11);
    const [rounds, rows] = [250, 200];
    let [auc, accuracy, brier] = [0, 0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const scores = Array.from({ length: rows }, () => random());
      const labels = scores.map((score) => (random() < score ? 1 : 0));
      const { tp, tn } = expectedConfusion(scores, labels);
      auc += isWithin(expectedRocAuc(scores, scores), rocAuc(classScores(labels, scores)).value);
      accuracy += isWithin(expectedAccuracy(scores, scores), (tp + tn) / rows);
      brier += isWithin(expectedBrierScore(scores, scores), sum(scores.map((s, i) => (s - labels[i]!) ** 2)) / rows);
    }
    for (const held of [auc, accuracy, brier]) {
      expect(held / rounds).toBeGreaterThan(0.92);
      expect(held / rounds).toBeLessThan(0.98);
    }
  });

  it('are undefined without rows or without one of the classes', () => {
    expect(expectedAccuracy([], [])).toMatchObject({ value: null, reason: 'no prediction' });
    expect(expectedBrierScore([], []).value).toBeNull();
    expect(expectedRocAuc([0.2, 0.3], [1, 1])).toMatchObject({ value: null, reason: 'one class only is expected' });
  });
});

describe('direct loss estimation', () => {
  it('follows a shift of the inputs, with bands that hold', () => {
    const random = seeded(5);
    const rounds = 100;
    let held = 0;
    for (let round = 0; round < rounds; round += 1) {
      const reference = drawn(random, 1_000, 0);
      const shifted = drawn(random, 300, 0.5);
      const table = fitDirectLoss(reference.predictions, reference.losses);
      if ('value' in table) throw new Error(table.reason);
      held += isWithin(expectedLoss(table, shifted.predictions), sum(shifted.losses) / 300);
    }
    expect(held / rounds).toBeGreaterThan(0.85);
  });

  it('says how much lies outside what it has seen', () => {
    const predictions = Array.from({ length: 100 }, (_, i) => i);
    const table = fitDirectLoss(predictions, predictions);
    expect('value' in table).toBe(false);
    if (!('value' in table)) {
      expect(expectedLoss(table, [50, 500])).toMatchObject({ outsideSupportRatio: 0.5 });
      expect(expectedLoss(table, []).value).toBeNull();
    }
    expect(fitDirectLoss([1], [1])).toMatchObject({ value: null, reason: 'needs 20 rows with a loss' });
  });
});

/** Absolute errors that grow smoothly with the prediction. */
function drawn(random: () => number, rows: number, shift: number) {
  const predictions = Array.from({ length: rows }, () => gaussian(random) + shift);
  return { predictions, losses: predictions.map((x) => Math.abs(gaussian(random)) * (2 + Math.tanh(x))) };
}

function isWithin(estimate: { value: number | null; standardError?: number }, realised: number | null): 0 | 1 {
  const { value, standardError = 0 } = estimate;
  return value !== null && realised !== null && Math.abs(value - realised) <= 1.96 * standardError ? 1 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
