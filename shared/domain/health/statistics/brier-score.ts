import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** Mean squared difference of score and label, 0..1 (Brier 1950). Labels are 0 or 1. */
export function brierScore(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): { readonly value: number } | UndefinedStatistic {
  if (labels.length === 0) return undefinedStatistic('no labelled row');
  let sum = 0;
  for (let i = 0; i < labels.length; i += 1) sum += (scores[i]! - labels[i]!) ** 2;
  return finiteStatistic(sum / labels.length);
}
