import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type ClassScores, oneClass } from './class-scores.ts';

/**
 * Area under the precision–recall curve as a sum of steps, Σ (recall gained) × precision over the distinct scores from
 * the highest on (Zhu 2004; no interpolation). Undefined unless both classes occur.
 */
export function averagePrecision({
  counts,
}: Pick<ClassScores, 'counts'>): { readonly value: number } | UndefinedStatistic {
  const { reference, current, n, m } = counts;
  if (n === 0 || m === 0) return undefinedStatistic(oneClass);
  let [hits, alarms, value] = [0, 0, 0];
  for (let i = current.length - 1; i >= 0; i -= 1) {
    hits += current[i]!;
    alarms += current[i]! + reference[i]!;
    value += (current[i]! / m) * (hits / alarms);
  }
  return { value };
}
