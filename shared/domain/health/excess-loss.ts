import { type BinaryPerformance, scoreBins } from '../ground-truth/aggregates.ts';
import { type BinnedCalibration, scoreCountsOf } from './estimation/binned-calibration.ts';
import { lossAt } from './loss-at.ts';

/** Sums over labelled rows of one way to hold labels against the baseline's calibration. */
export type Excess = {
  /** Realised less expected. */
  readonly excess: number;
  readonly expected: number;
  /** Of `excess`, if rows are independent and the calibration holds. */
  readonly variance: number;
};

export type ExcessLoss = {
  /** Log loss of the scores. */
  readonly logLoss: Excess;
  /** Squared error of the calibrated probabilities: the numerator, and so the test, of Spiegelhalter's z. */
  readonly calibration: Excess;
  /** Rows where the baseline has labels too; only these count. */
  readonly rows: number;
  readonly unsupportedRows: number;
};

export const excessKinds = ['logLoss', 'calibration'] as const;
export type ExcessKind = (typeof excessKinds)[number];

/**
 * What the labels cost beyond what they would if each score still meant what it meant on the baseline. With c the
 * calibrated probability and ℓ₁, ℓ₀ the losses of either label, a row exceeds its expectation by (y − c)(ℓ₁ − ℓ₀), with
 * variance c (1 − c)(ℓ₁ − ℓ₀)². For the squared error of c itself that is (y − c)(1 − 2c), Spiegelhalter 1986
 * ("Probabilistic prediction in patient management and clinical trials"). Scores stand at the middle of their bins. A
 * shift of the scores alone leaves both at 0, because c is looked up at the scores that came.
 */
export function excessLoss(calibration: BinnedCalibration, performance: BinaryPerformance): ExcessLoss {
  const counts = scoreCountsOf(performance);
  const sums = { logLoss: zero(), calibration: zero(), rows: 0, unsupportedRows: 0 };
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const n = counts[bin]!;
    if (n === 0) continue;
    if (!calibration.isSupported[bin]) {
      sums.unsupportedRows += n;
      continue;
    }
    sums.rows += n;
    const c = calibration.probability[bin]!;
    const residual = (performance.positiveScores[bin] ?? 0) - n * c;
    for (const kind of excessKinds) add(sums[kind], kind, bin, { n, c, residual });
  }
  return sums;
}

export function mergeExcessLoss(left: ExcessLoss, right: ExcessLoss): ExcessLoss {
  const merged = (kind: ExcessKind): Excess => ({
    excess: left[kind].excess + right[kind].excess,
    expected: left[kind].expected + right[kind].expected,
    variance: left[kind].variance + right[kind].variance,
  });
  return {
    logLoss: merged('logLoss'),
    calibration: merged('calibration'),
    rows: left.rows + right.rows,
    unsupportedRows: left.unsupportedRows + right.unsupportedRows,
  };
}

/**
 * Variance that the excess has because the baseline's own labels are a sample: each pool of n₀ rows has its probability
 * with variance c (1 − c) / n₀, and moves the rows of all its bins together.
 */
export function calibrationVariance(
  calibration: BinnedCalibration,
  performance: BinaryPerformance,
  kind: ExcessKind,
): number {
  const counts = scoreCountsOf(performance);
  const leverage = new Float64Array(calibration.poolRows.length);
  const spread = new Float64Array(calibration.poolRows.length);
  for (let bin = 0; bin < scoreBins; bin += 1) {
    if (counts[bin] === 0 || !calibration.isSupported[bin]) continue;
    const c = calibration.probability[bin]!;
    leverage[calibration.pool[bin]!]! += counts[bin]! * lossesAt(kind, bin, c).difference;
    spread[calibration.pool[bin]!] = Math.max(spread[calibration.pool[bin]!]!, c * (1 - c));
  }
  return leverage.reduce((sum, moved, i) => sum + (moved ** 2 * spread[i]!) / calibration.poolRows[i]!, 0);
}

type Sums = { excess: number; expected: number; variance: number };

function zero(): Sums {
  return { excess: 0, expected: 0, variance: 0 };
}

function add(sums: Sums, kind: ExcessKind, bin: number, rows: { n: number; c: number; residual: number }): void {
  const { n, c, residual } = rows;
  const { expected, difference } = lossesAt(kind, bin, c);
  sums.excess += residual * difference;
  sums.expected += n * expected;
  sums.variance += n * c * (1 - c) * difference ** 2;
}

/** Of one row: the loss that is expected, and how much more a positive label costs than a negative one. */
function lossesAt(kind: ExcessKind, bin: number, c: number) {
  if (kind === 'calibration') return { expected: c * (1 - c), difference: 1 - 2 * c };
  const [positive, negative] = [lossAt(bin, 1), lossAt(bin, 0)];
  return { expected: c * positive + (1 - c) * negative, difference: positive - negative };
}
