import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { minimumBlocks } from '../../shared/domain/health/verdict/block-evidence.ts';
import { power, rowsNeeded } from '../../shared/domain/health/verdict/rows-needed.ts';
import type { Workload } from './assumptions.ts';
import type { Cap } from './fleet.ts';

/** Something that must be found, and in which of the predictions it shows. */
export type Shift = {
  readonly name: string;
  /** Rows that are judged: predictions, those of a segment, or those with a label. */
  readonly rows: number;
  /** Sampled predictions among which there are so many. */
  readonly predictions: number;
};

/** No verdict on a sudden break looks at less. */
const leastHours = 1;

/** Shifts of the size that policies name, with the rows that they take at the level and power of a verdict. */
export function shiftsToFind(workload: Workload): readonly Shift[] {
  const { segmentRatio, outcomeRatio } = workload;
  const shift = (name: string, rows: number, ratio: number): Shift => ({
    name,
    rows,
    predictions: Math.ceil(rows / ratio),
  });
  const segment = `segment of ${Math.round(100 * segmentRatio)} %`;
  return [
    shift('PSI 0.25', driftRows(0.25, workload), 1),
    shift('PSI 0.1', driftRows(0.1, workload), 1),
    shift(`PSI 0.25 in a ${segment}`, driftRows(0.25, workload), segmentRatio),
    shift(`PSI 0.1 in a ${segment}`, driftRows(0.1, workload), segmentRatio),
    shift('accuracy 0.90 → 0.85', accuracyRows(0.9, 0.85, workload), outcomeRatio),
    shift('accuracy 0.90 → 0.88', accuracyRows(0.9, 0.88, workload), outcomeRatio),
    shift('AUC 0.80 → 0.75', aucRows(0.8, 0.75, workload), outcomeRatio),
    shift('AUC 0.80 → 0.77', aucRows(0.8, 0.77, workload), outcomeRatio),
  ];
}

/** As the short window counts them: against eight blocks as large as its own hours. */
function driftRows(effect: number, { shortAlpha, bins, designEffect }: Workload): number {
  const rows = rowsNeeded({
    effect,
    alpha: shortAlpha,
    degreesOfFreedom: bins - 1,
    referenceRows: Number.POSITIVE_INFINITY,
    designEffect,
  });
  return Math.ceil(rows * (1 + 1 / minimumBlocks));
}

/** Right and wrong are two bins, whose PSI the drop is. */
function accuracyRows(before: number, after: number, { longAlpha, designEffect }: Workload): number {
  const effect = (after - before) * Math.log(after / before) + (before - after) * Math.log((1 - after) / (1 - before));
  return rowsNeeded({
    effect,
    alpha: longAlpha,
    degreesOfFreedom: 1,
    referenceRows: Number.POSITIVE_INFINITY,
    designEffect,
  });
}

/** Rows with which a drop is `z(α) + z(power)` standard errors of AUC, against a reference that is known. */
function aucRows(before: number, after: number, { longAlpha, designEffect, positiveRatio }: Workload): number {
  // So many that the variance falls as one over them.
  const many = 1e9;
  const variance = many * aucVariance(after, positiveRatio * many, (1 - positiveRatio) * many);
  const errors = normalQuantile(1 - longAlpha, 0, 1) + normalQuantile(power, 0, 1);
  return Math.ceil(designEffect * variance * (errors / (before - after)) ** 2);
}

/** Of an AUC that so many rows of either label give (Hanley & McNeil 1982, equation 2, with the exponential model). */
export function aucVariance(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc ** 2) / (1 + auc);
  const spread = auc * (1 - auc) + (positives - 1) * (q1 - auc ** 2) + (negatives - 1) * (q2 - auc ** 2);
  return spread / (positives * negatives);
}

/** From the shift to its evidence for a model that serves `perHour`; labels come later by their own delay. */
export function hoursToDetect({ predictions }: Shift, perHour: number, cap: Cap): number {
  return Math.max(leastHours, predictions / Math.min(perHour, cap));
}
