import { delong } from '../statistics/delong.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import type { DegradationInput } from './judge-degradation.ts';

/** Labelled rows that are independent of each other. */
export type LabelledRows = { readonly labels: ArrayLike<number>; readonly scores: ArrayLike<number> };

type Degradation = Pick<DegradationInput, 'effect' | 'variance' | 'degreesOfFreedom' | 'n'> & {
  readonly value: number;
  readonly reference: number;
};

/**
 * Drop of the ROC AUC between two samples, with the variance of DeLong, DeLong & Clarke-Pearson 1988 on both sides. A
 * small sample may by luck show no spread, so that its variance is at least that of its class counts with the
 * placements' spread of the reference; degrees of freedom after Welch 1947, each class a sample of its own. Undefined
 * with fewer than two rows of a class on either side.
 */
export function aucDegradation(reference: LabelledRows, current: LabelledRows): Degradation | UndefinedStatistic {
  const [before, now] = [delong(reference.labels, reference.scores), delong(current.labels, current.scores)];
  if (before.value === null) return undefinedStatistic(`reference: ${before.reason}`);
  if (now.value === null) return now;
  const counts = { before: classCounts(reference.labels), now: classCounts(current.labels) };
  const own = now.parts;
  const positives = Math.max(own.positives, (before.parts.positives * counts.before.positives) / counts.now.positives);
  const negatives = Math.max(own.negatives, (before.parts.negatives * counts.before.negatives) / counts.now.negatives);
  const variance = { reference: before.variance, current: positives + negatives };
  return {
    value: now.value,
    reference: before.value,
    effect: before.value - now.value,
    variance,
    degreesOfFreedom: welchDegrees([
      [positives, counts.now.positives - 1],
      [negatives, counts.now.negatives - 1],
      [before.parts.positives, counts.before.positives - 1],
      [before.parts.negatives, counts.before.negatives - 1],
    ]),
    n: current.labels.length,
  };
}

/**
 * Relative increase of the RMSE between two samples: √(MSE / MSE₀) − 1, its variance by the delta method, (1 + effect)² / 4
 * × the squared coefficients of variation of both means of squared errors. Squared errors have heavy tails, and the few
 * large ones that make the spread are what a small sample misses: the current coefficient is at least the reference's
 * scaled to its rows. Undefined with fewer than two rows on either side or a reference without any error.
 */
export function rmseDegradation(reference: LabelledRows, current: LabelledRows): Degradation | UndefinedStatistic {
  const [before, now] = [squaredErrors(reference), squaredErrors(current)];
  if (before.n < 2 || now.n < 2) return undefinedStatistic('needs two labelled rows on each side');
  if (!(before.mean > 0) || !Number.isFinite(before.mean + now.mean))
    return undefinedStatistic('the reference has no error, or an error is no number');
  const ratio = Math.sqrt(now.mean / before.mean);
  const dispersion = {
    before: before.variance / before.mean ** 2,
    now: now.mean > 0 ? now.variance / now.mean ** 2 : 0,
  };
  const parts = [dispersion.before / before.n, Math.max(dispersion.now, dispersion.before) / now.n] as const;
  const scale = Math.max(1, ratio ** 2) / 4;
  return {
    value: Math.sqrt(now.mean),
    reference: Math.sqrt(before.mean),
    effect: ratio - 1,
    variance: { reference: scale * parts[0], current: scale * parts[1] },
    degreesOfFreedom: welchDegrees([
      [parts[0], before.n - 1],
      [parts[1], now.n - 1],
    ]),
    n: now.n,
  };
}

function squaredErrors({ labels, scores }: LabelledRows) {
  const errors = Float64Array.from(labels, (label, i) => (scores[i]! - label) ** 2);
  const n = errors.length;
  const mean = errors.reduce((sum, error) => sum + error / n, 0);
  return { n, mean, variance: errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (n - 1) };
}

function classCounts(labels: ArrayLike<number>) {
  let positives = 0;
  for (let i = 0; i < labels.length; i += 1) positives += labels[i]!;
  return { positives, negatives: labels.length - positives };
}

/** Satterthwaite 1946: of a sum of independent variances. */
function welchDegrees(parts: readonly (readonly [variance: number, degreesOfFreedom: number])[]): number {
  const total = parts.reduce((sum, [variance]) => sum + variance, 0);
  const squares = parts.reduce((sum, [variance, degrees]) => sum + variance ** 2 / degrees, 0);
  return squares === 0 ? Number.POSITIVE_INFINITY : total ** 2 / squares;
}
