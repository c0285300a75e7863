import type { TaskType } from '../registry/schemas.ts';
import type { Performance } from './aggregates.ts';
import { logLoss, scoreBin, squaredError } from './loss.ts';

export type ScoredLabel = { readonly score: number; readonly label: number };

/** Sums of attributed predictions, row by row. Same rows in the same order give the same sums to the last bit. */
export type PerformanceAccumulator = {
  add(row: ScoredLabel): void;
  performance(): Performance;
};

export type PerformanceKind = Performance['kind'];

/** Only the score of a binary model is the probability of a binary outcome; every other is held against its value. */
export function performanceKindOf(taskType: TaskType, outcomeKind: 'binary' | 'numeric'): PerformanceKind {
  return taskType === 'binary' && outcomeKind === 'binary' ? 'binary' : 'regression';
}

export function createPerformanceAccumulator(kind: PerformanceKind): PerformanceAccumulator {
  return kind === 'binary' ? createBinaryAccumulator() : createRegressionAccumulator();
}

function createBinaryAccumulator(): PerformanceAccumulator {
  const positiveScores: Record<string, number> = {};
  const negativeScores: Record<string, number> = {};
  const sums = { n: 0, positives: 0, sumScore: 0, sumLogLoss: 0, sumSquaredError: 0, correct: 0 };
  return {
    add: ({ score, label }) => {
      const scores = label === 1 ? positiveScores : negativeScores;
      const bin = scoreBin(score);
      scores[bin] = (scores[bin] ?? 0) + 1;
      sums.n += 1;
      sums.positives += label;
      sums.sumScore += score;
      sums.sumLogLoss += logLoss(score, label);
      sums.sumSquaredError += squaredError(score, label);
      if (score >= 0.5 === (label === 1)) sums.correct += 1;
    },
    performance: () => ({
      kind: 'binary',
      ...sums,
      positiveScores: { ...positiveScores },
      negativeScores: { ...negativeScores },
    }),
  };
}

function createRegressionAccumulator(): PerformanceAccumulator {
  const sums = {
    n: 0,
    sumError: 0,
    sumAbsoluteError: 0,
    sumSquaredError: 0,
    sumLabel: 0,
    sumSquaredLabel: 0,
  };
  return {
    add: ({ score, label }) => {
      sums.n += 1;
      sums.sumError += score - label;
      sums.sumAbsoluteError += Math.abs(score - label);
      sums.sumSquaredError += squaredError(score, label);
      sums.sumLabel += label;
      sums.sumSquaredLabel += label ** 2;
    },
    performance: () => ({ kind: 'regression', ...sums }),
  };
}
