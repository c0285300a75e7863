import type { BinaryPerformance } from '../../ground-truth/aggregates.ts';
import { aucOf } from '../../ground-truth/performance-metrics.ts';
import { rowVariance } from '../row-variance.ts';
import { type BinnedCalibration, binnedCalibration, scoreCountsOf } from './binned-calibration.ts';
import { expectedBinnedRocAuc } from './expected-binned-roc-auc.ts';

/** What estimates of one baseline start from. */
export type AucReference = {
  readonly calibration: BinnedCalibration;
  readonly realized: number;
  /** The estimate on the reference itself: too good by the same optimism as every other one. */
  readonly estimated: number;
  /** Of `realized`. */
  readonly variance: number;
};

export type EstimatedAuc = {
  readonly value: number;
  /** Estimated drop since the reference; positive is worse. */
  readonly drop: number;
  /** Half width: three standard errors. */
  readonly band: number;
};

const standardErrors = 3;
/** Fewer of either class, and the AUC is not normally distributed about its estimate. */
const leastOfEachClass = 10;

// A baseline never changes, and every evaluation asks for it.
const references = new WeakMap<BinaryPerformance, AucReference>();

/** Undefined where the baseline has one class only. */
export function aucReference(baseline: BinaryPerformance): AucReference | undefined {
  const reference = references.get(baseline) ?? referenceOf(baseline);
  if (reference !== undefined) references.set(baseline, reference);
  return reference;
}

function referenceOf(baseline: BinaryPerformance): AucReference | undefined {
  const calibration = binnedCalibration(baseline);
  const realized = aucOf(baseline);
  if (calibration === undefined || realized === undefined) return undefined;
  const estimated = expectedBinnedRocAuc(scoreCountsOf(baseline), calibration.probability);
  if (estimated.value === null) return undefined;
  const variance = rowVariance('auc', baseline) ?? 0;
  return { calibration, realized: realized.auc, estimated: estimated.value, variance };
}

/**
 * Confidence-based estimate (Białek, Perrakis & Kuberski 2023) of the ROC AUC of unlabelled scores: the realised one of
 * the reference, moved by what the expected one has moved. Its band is three standard errors of the realised AUC about
 * it, from the sampling of the labels to come (delta method, `expectedBinnedRocAuc`) and of the reference's (DeLong et al.
 * 1988). It assumes that the calibration still holds: concept drift is not in the band. Undefined when one class only is
 * expected.
 */
export function estimatedRocAuc(reference: AucReference, counts: Float64Array): EstimatedAuc | undefined {
  const expected = expectedBinnedRocAuc(counts, reference.calibration.probability);
  if (expected.value === null) return undefined;
  const drop = reference.estimated - expected.value;
  const band = standardErrors * Math.sqrt(expected.standardError ** 2 + reference.variance);
  return { value: reference.realized - drop, drop, band };
}

/** How estimates of cohorts whose labels have come would have done: the realised AUC within the band, or not. */
export function trackRecord(reference: AucReference, cohorts: readonly BinaryPerformance[]) {
  const tried = cohorts.flatMap((cohort) => {
    const realized = aucOf(cohort);
    if (realized === undefined || Math.min(cohort.positives, cohort.n - cohort.positives) < leastOfEachClass) return [];
    const estimate = estimatedRocAuc(reference, scoreCountsOf(cohort));
    return estimate === undefined ? [] : [{ isMissed: Math.abs(realized.auc - estimate.value) > estimate.band }];
  });
  return { windows: tried.length, missed: tried.filter(({ isMissed }) => isMissed).length };
}
