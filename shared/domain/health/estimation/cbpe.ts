import type { Confusion } from '../statistics/confusion.ts';
import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** What a metric would be if the calibrated scores were the truth, and the spread of the labels around them. */
type Estimate = {
  readonly value: number;
  /** Standard deviation of the realised metric around the estimate: sampling error of the labels alone. */
  readonly standardError: number;
};

/**
 * Confidence-based performance estimation (Białek, Perrakis & Kuberski 2023): what the confusion matrix would be if each
 * row were positive with its calibrated probability. It assumes that the calibration still holds, so that it sees shifts
 * of the inputs and never concept drift.
 */
export function expectedConfusion(
  scores: ArrayLike<number>,
  calibrated: ArrayLike<number>,
  threshold = 0.5,
): Confusion {
  const confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < scores.length; i += 1) {
    const positive = calibrated[i]!;
    const isAlarm = scores[i]! >= threshold;
    confusion[isAlarm ? 'tp' : 'fn'] += positive;
    confusion[isAlarm ? 'fp' : 'tn'] += 1 - positive;
  }
  return confusion;
}

/** Its error is that of a sum of independent coins, √(Σ c (1 - c)) / n (Poisson 1837). */
export function expectedAccuracy(
  scores: ArrayLike<number>,
  calibrated: ArrayLike<number>,
  threshold = 0.5,
): Estimate | UndefinedStatistic {
  const n = scores.length;
  if (n === 0) return undefinedStatistic('no prediction');
  const { tp, tn } = expectedConfusion(scores, calibrated, threshold);
  let variance = 0;
  for (let i = 0; i < n; i += 1) variance += calibrated[i]! * (1 - calibrated[i]!);
  return estimate((tp + tn) / n, variance, n);
}

/** Mean of c (1 - s)² + (1 - c) s². */
export function expectedBrierScore(
  scores: ArrayLike<number>,
  calibrated: ArrayLike<number>,
): Estimate | UndefinedStatistic {
  const n = scores.length;
  if (n === 0) return undefinedStatistic('no prediction');
  let [sum, variance] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const [s, c] = [scores[i]!, calibrated[i]!];
    sum += c * (1 - s) ** 2 + (1 - c) * s ** 2;
    variance += c * (1 - c) * (1 - 2 * s) ** 2;
  }
  return estimate(sum / n, variance, n);
}

function estimate(mean: number, variance: number, n: number): Estimate | UndefinedStatistic {
  const checked = finiteStatistic(mean);
  return checked.value === null ? checked : { ...checked, standardError: Math.sqrt(Math.max(0, variance)) / n };
}
