import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type BinaryPerformance, type SparseCounts, scoreBins } from './aggregates.ts';
import { aucOf } from './performance-metrics.ts';
import { totalCount } from './sparse-counts.ts';

/** A chance to outscore that is this far from even changes every metric that depends on who is labelled. */
const minimumShift = 0.05;
const significance = 0.001;

/** Predictions that have a label beside those that have none yet, by their scores. */
export type LabelSelection = {
  readonly labelled: number;
  readonly unlabelled: number;
  /** Of each; null without a row. */
  readonly meanLabelledScore: number | null;
  readonly meanUnlabelledScore: number | null;
  /** Probability that one without a label scores above one with, ties half; 0.5 when labels choose no scores. */
  readonly unlabelledScoresAboveRatio: number | null;
  /** Two-sided, rows taken as independent; null where one side is empty. */
  readonly pValue: number | null;
  /** Those with a label are not like the others, so that metrics of them are biased. */
  readonly isSelected: boolean;
};

/**
 * Whether labels come for other scores than they are missing for, as when positives are known later than negatives: Mann &
 * Whitney 1947 on `scoreBins` bins. Where nothing is selected, metrics of the labelled speak for all.
 */
export function labelSelectionOf(all: SparseCounts, performance: BinaryPerformance | undefined): LabelSelection {
  const labelled = sumOf(performance?.positiveScores ?? {}, performance?.negativeScores ?? {}, 1);
  // A row counted in one window and attributed in another makes a bin less than empty.
  const unlabelled = sumOf(all, labelled, -1);
  const [m, n] = [totalCount(labelled), totalCount(unlabelled)];
  const means = { meanLabelledScore: meanOf(labelled, m), meanUnlabelledScore: meanOf(unlabelled, n) };
  const above = aucOf({ n: m + n, positives: n, positiveScores: unlabelled, negativeScores: labelled })?.auc;
  const counts = { labelled: m, unlabelled: n, ...means };
  if (above === undefined) return { ...counts, unlabelledScoresAboveRatio: null, pValue: null, isSelected: false };
  const z = (above - 0.5) / Math.sqrt((m + n + 1) / (12 * m * n));
  const pValue = 2 * normalCdf(-Math.abs(z), 0, 1);
  const isSelected = Math.abs(above - 0.5) >= minimumShift && pValue < significance;
  return { ...counts, unlabelledScoresAboveRatio: above, pValue, isSelected };
}

function sumOf(left: SparseCounts | Float64Array, right: SparseCounts | Float64Array, sign: 1 | -1): SparseCounts {
  const sum: Record<string, number> = {};
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const count = (left[bin] ?? 0) + sign * (right[bin] ?? 0);
    if (count > 0) sum[bin] = count;
  }
  return sum;
}

function meanOf(counts: SparseCounts, n: number): number | null {
  if (n === 0) return null;
  return Object.entries(counts).reduce((sum, [bin, count]) => sum + (Number(bin) + 0.5) * count, 0) / scoreBins / n;
}
