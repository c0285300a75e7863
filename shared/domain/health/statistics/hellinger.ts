import { plainShares, whyIncomparable } from '../smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** Hellinger distance √(½ Σ (√c - √r)²) of two counts on the same bins, 0..1 (Hellinger 1909; Le Cam 1986). */
export function hellinger(
  reference: readonly number[],
  current: readonly number[],
): { readonly value: number } | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const expected = plainShares(reference);
  const squares = plainShares(current).reduce((sum, c, i) => sum + (Math.sqrt(c) - Math.sqrt(expected[i]!)) ** 2, 0);
  return { value: Math.min(1, Math.sqrt(squares / 2)) };
}
