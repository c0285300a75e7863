import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { firstIndex, type SortedSample, sortedSample } from './sorted-sample.ts';

type AucEstimate = {
  readonly value: number;
  readonly variance: number;
  /** What the spread of each class contributes to the variance. */
  readonly parts: { readonly positives: number; readonly negatives: number };
};

type PairedAuc = {
  /** AUC of the first less that of the second. */
  readonly value: number;
  readonly first: AucEstimate;
  readonly second: AucEstimate;
  readonly covariance: number;
  /** null, as is the p-value, when the difference has no variance. */
  readonly z: number | null;
  readonly pValue: number | null;
};

const tooFew = 'needs two rows of each class, all with a score';

/**
 * AUC with the variance of DeLong, DeLong & Clarke-Pearson (1988): the spread of the placements, the share of the other
 * class that each row outscores or is outscored by. By binary search, O(n log n) (after Sun & Xu 2014). Labels are 0
 * or 1. Undefined with fewer than two rows of a class.
 */
export function delong(labels: ArrayLike<number>, scores: ArrayLike<number>): AucEstimate | UndefinedStatistic {
  const placements = placementsOf(labels, scores);
  return placements === undefined ? undefinedStatistic(tooFew) : estimate(placements);
}

/** The paired test that two models rank the same rows equally well, two-sided (DeLong et al. 1988, eq. 5). */
export function pairedDelong(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): PairedAuc | UndefinedStatistic {
  const a = placementsOf(labels, first);
  const b = placementsOf(labels, second);
  if (a === undefined || b === undefined) return undefinedStatistic(tooFew);
  const estimates = { first: estimate(a), second: estimate(b) };
  const value = estimates.first.value - estimates.second.value;
  const covariance = spread(a, b);
  const differences = {
    positives: difference(a.positives, b.positives),
    negatives: difference(a.negatives, b.negatives),
  };
  // Of the differences, not as a sum of three terms that cancel.
  const variance = spread(differences, differences);
  if (variance <= 0) return { value, ...estimates, covariance, z: null, pValue: null };
  const z = value / Math.sqrt(variance);
  return { value, ...estimates, covariance, z, pValue: 2 * normalCdf(-Math.abs(z), 0, 1) };
}

/** Two AUCs on the same rows, and by how much each row's placements differ, in the order of the rows of its class. */
export function pairedPlacements(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): (Placements & { readonly first: number; readonly second: number }) | undefined {
  const a = placementsOf(labels, first);
  const b = placementsOf(labels, second);
  if (a === undefined || b === undefined) return undefined;
  return {
    first: mean(a.positives),
    second: mean(b.positives),
    positives: difference(a.positives, b.positives),
    negatives: difference(a.negatives, b.negatives),
  };
}

/** Per row, in the order given, the share of the other class that it beats (positives) or that beats it (negatives). */
type Placements = { readonly positives: Float64Array; readonly negatives: Float64Array };

function placementsOf(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements | undefined {
  const of = (label: number) => Float64Array.from(scores).filter((_, i) => labels[i] === label);
  const [positives, negatives] = [of(1), of(0)];
  if (positives.length < 2 || negatives.length < 2 || !scoresAreFinite(positives, negatives)) return undefined;
  const [sortedPositives, sortedNegatives] = [sortedSample(positives), sortedSample(negatives)];
  return {
    positives: positives.map((score) => midrankShare(sortedNegatives, score)),
    negatives: negatives.map((score) => 1 - midrankShare(sortedPositives, score)),
  };
}

function scoresAreFinite(positives: Float64Array, negatives: Float64Array): boolean {
  return positives.every(Number.isFinite) && negatives.every(Number.isFinite);
}

function midrankShare(sample: SortedSample, score: number): number {
  const { values } = sample;
  return (firstIndex(values, score, 'ge') + firstIndex(values, score, 'gt')) / 2 / values.length;
}

function estimate(placements: Placements): AucEstimate {
  const parts = {
    positives: covariance(placements.positives, placements.positives) / placements.positives.length,
    negatives: covariance(placements.negatives, placements.negatives) / placements.negatives.length,
  };
  return { value: mean(placements.positives), variance: parts.positives + parts.negatives, parts };
}

/** Covariance of two AUCs from their placements. */
function spread(a: Placements, b: Placements): number {
  return (
    covariance(a.positives, b.positives) / a.positives.length +
    covariance(a.negatives, b.negatives) / a.negatives.length
  );
}

function covariance(left: Float64Array, right: Float64Array): number {
  const [meanLeft, meanRight] = [mean(left), mean(right)];
  return left.reduce((sum, value, i) => sum + (value - meanLeft) * (right[i]! - meanRight), 0) / (left.length - 1);
}

function difference(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, i) => value - right[i]!);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
