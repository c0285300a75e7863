import { type BinaryPerformance, scoreBins } from '../../ground-truth/aggregates.ts';
import { calibrated, knotsOf, type Pool, pooledViolators } from './isotonic-calibration.ts';

/** What the labels of a reference say about each of the `scoreBins`. */
export type BinnedCalibration = {
  /** Probability of the positive class, at the middle of the bin. */
  readonly probability: Float64Array;
  /** Index of the pool whose rows the probability rests on. */
  readonly pool: Int32Array;
  /** Rows of each pool. */
  readonly poolRows: readonly number[];
  /** Whether the reference has labelled rows about there. */
  readonly isSupported: readonly boolean[];
};

/** A bin is supported by five rows within this many bins, 1.6 % of the range, on either side. */
const reach = 8;
const supportingRows = 5;

/** Of the curve before it is made to rise. */
const rowsPerPoint = 20;
const maximumPoints = 100;

// Those of a baseline are asked for with every evaluation, and a baseline never changes.
const calibrations = new WeakMap<BinaryPerformance, BinnedCalibration>();

/**
 * Isotonic calibration (Zadrozny & Elkan 2002) from counts by label on the score bins, linear between pools. It is fitted
 * on the rows it is then compared with, so that an estimate from it is only to be compared with another one from it.
 * Undefined without a row of either class.
 */
export function binnedCalibration(reference: BinaryPerformance): BinnedCalibration | undefined {
  if (reference.positives === 0 || reference.positives === reference.n) return undefined;
  const calibration = calibrations.get(reference) ?? fitted(reference);
  calibrations.set(reference, calibration);
  return calibration;
}

function fitted(reference: BinaryPerformance): BinnedCalibration {
  const counts = scoreCountsOf(reference);
  const pools = pooledViolators(pointsOf(reference, counts));
  const knots = knotsOf(pools);
  const pool = new Int32Array(scoreBins);
  for (let bin = 1, at = 0; bin < scoreBins; bin += 1) {
    while (at + 1 < pools.length && pools[at + 1]!.from <= middleOf(bin)) at += 1;
    pool[bin] = at;
  }
  return {
    probability: Float64Array.from(counts, (_, bin) => calibrated(knots, middleOf(bin))),
    pool,
    poolRows: pools.map(({ weight }) => weight),
    isSupported: supportOf(counts),
  };
}

/**
 * Neighbouring bins taken together until they hold enough rows: isotonic regression of single rows follows the noise of
 * the first and last of them, and a certain label there would make any other one infinitely surprising.
 */
function pointsOf({ n, positiveScores }: BinaryPerformance, counts: Float64Array): readonly Pool[] {
  const least = Math.max(rowsPerPoint, n / maximumPoints);
  const points: Pool[] = [];
  let [weight, positives, scores] = [0, 0, 0];
  counts.forEach((count, bin) => {
    weight += count;
    positives += positiveScores[bin] ?? 0;
    scores += count * middleOf(bin);
    if (weight < least) return;
    points.push({ from: scores / weight, to: scores / weight, weight, mean: positives / weight });
    [weight, positives, scores] = [0, 0, 0];
  });
  if (points.length > 0 && weight === 0) return points;
  const last = points.pop() ?? { from: 0, to: 0, weight: 0, mean: 0 };
  const total = last.weight + weight;
  const at = (last.from * last.weight + scores) / total;
  return [...points, { from: at, to: at, weight: total, mean: (last.mean * last.weight + positives) / total }];
}

/** Rows of either label by score bin. */
export function scoreCountsOf({ positiveScores, negativeScores }: BinaryPerformance): Float64Array {
  const counts = new Float64Array(scoreBins);
  for (let bin = 0; bin < scoreBins; bin += 1) counts[bin] = (positiveScores[bin] ?? 0) + (negativeScores[bin] ?? 0);
  return counts;
}

export function middleOf(bin: number): number {
  return (bin + 0.5) / scoreBins;
}

/** Share of the rows in bins that the reference hardly has, 0..1. */
export function unsupportedRatio({ isSupported }: BinnedCalibration, counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const outside = counts.reduce((sum, count, bin) => sum + (isSupported[bin] ? 0 : count), 0);
  return total === 0 ? 0 : outside / total;
}

/** Mean standard error of the probabilities at the rows, √(c (1 − c) / n₀) with n₀ the rows of the pool behind each. */
export function calibrationError({ probability, pool, poolRows }: BinnedCalibration, counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const errorAt = (bin: number) => Math.sqrt((probability[bin]! * (1 - probability[bin]!)) / poolRows[pool[bin]!]!);
  return total === 0 ? 0 : counts.reduce((sum, count, bin) => sum + count * errorAt(bin), 0) / total;
}

function supportOf(counts: Float64Array): readonly boolean[] {
  return Array.from(
    counts,
    (_, bin) =>
      counts.subarray(Math.max(0, bin - reach), bin + reach + 1).reduce((sum, count) => sum + count, 0) >=
      supportingRows,
  );
}
