import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/**
 * Wilcoxon's signed-rank test (1945) of paired differences, two-sided, by the normal approximation with tie correction;
 * differences of 0 are left out. `value` is the smaller of the two rank sums.
 */
export function wilcoxonSignedRank(
  differences: ArrayLike<number>,
): { readonly value: number; readonly pValue: number } | UndefinedStatistic {
  const kept = Array.from(differences).filter((difference) => Number.isFinite(difference) && difference !== 0);
  const n = kept.length;
  if (n === 0) return undefinedStatistic('no pair differs');
  kept.sort((a, b) => Math.abs(a) - Math.abs(b));
  let [positive, tieTerm] = [0, 0];
  for (let start = 0, end = 0; start < n; start = end) {
    while (end < n && Math.abs(kept[end]!) === Math.abs(kept[start]!)) end += 1;
    const midrank = (start + 1 + end) / 2;
    for (let i = start; i < end; i += 1) if (kept[i]! > 0) positive += midrank;
    tieTerm += (end - start) * ((end - start) ** 2 - 1);
  }
  const value = Math.min(positive, (n * (n + 1)) / 2 - positive);
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24);
  return { value, pValue: Math.min(1, 2 * normalCdf((value - (n * (n + 1)) / 4) / deviation, 0, 1)) };
}
