import { scoreBins } from './aggregates.ts';
import { addExactly, type ExactSum } from './exact-sum.ts';
import { logLoss, scoreBin, squaredError } from './loss.ts';
import type { PerformanceKind } from './performance-accumulator.ts';

/**
 * What labels come to that are corrected and taken back: sums from which a row can be taken away as exactly as it was
 * added. Use `createPerformanceAccumulator` where rows only come.
 */
export type PerformanceSums = {
  readonly kind: PerformanceKind;
  n: number;
  positives: number;
  correct: number;
  /** Binary: score, log loss, squared error. Regression: error, absolute and squared error, label, squared label. */
  readonly sums: readonly ExactSum[];
  /** Scores of positives, then of negatives; absent before the first label of a binary type. */
  scores?: Uint32Array;
};

export function emptySums(kind: PerformanceKind): PerformanceSums {
  const sums = Array.from({ length: kind === 'binary' ? 3 : 5 }, (): ExactSum => []);
  return { kind, n: 0, positives: 0, correct: 0, sums };
}

export function copyOfSums({ kind, n, positives, correct, sums, scores }: PerformanceSums): PerformanceSums {
  const copy: PerformanceSums = { kind, n, positives, correct, sums: sums.map((sum) => sum.slice()) };
  if (scores !== undefined) copy.scores = scores.slice();
  return copy;
}

/** `times`: 1 adds the row, -1 takes it away. Changes the sums. */
export function addToSums(held: PerformanceSums, score: number, label: number, times: 1 | -1): void {
  held.n += times;
  const { sums } = held;
  if (held.kind === 'regression') {
    addExactly(sums[0]!, times * (score - label));
    addExactly(sums[1]!, times * Math.abs(score - label));
    addExactly(sums[2]!, times * squaredError(score, label));
    addExactly(sums[3]!, times * label);
    addExactly(sums[4]!, times * label ** 2);
    return;
  }
  held.positives += times * label;
  if (score >= 0.5 === (label === 1)) held.correct += times;
  addExactly(sums[0]!, times * score);
  addExactly(sums[1]!, times * logLoss(score, label));
  addExactly(sums[2]!, times * squaredError(score, label));
  held.scores ??= new Uint32Array(2 * scoreBins);
  held.scores[scoreBin(score) + (label === 1 ? 0 : scoreBins)]! += times;
}
