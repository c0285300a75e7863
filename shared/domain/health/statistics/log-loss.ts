import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** A score of 0 or 1 that is wrong costs 34.5 nats and not infinitely many. */
const clip = 1e-15;

/** Mean cross-entropy in nats, ≥ 0, scores clipped at 1e-15 (Good 1952). Labels are 0 or 1. */
export function logLoss(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { readonly value: number } | UndefinedStatistic {
  if (labels.length === 0) return undefinedStatistic('no labelled row');
  let sum = 0;
  for (let i = 0; i < labels.length; i += 1) sum += rowLogLoss(labels[i]!, scores[i]!);
  return finiteStatistic(sum / labels.length);
}

/** Of one row. */
export function rowLogLoss(label: number, score: number): number {
  const p = Math.min(1 - clip, Math.max(clip, score));
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}
