import { plainShares, whyIncomparable } from '../smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** Total variation distance ½ Σ |c - r| of two counts on the same bins: the share of rows that moved, 0..1. */
export function totalVariation(
  reference: readonly number[],
  current: readonly number[],
): { readonly value: number } | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const expected = plainShares(reference);
  const moved = plainShares(current).reduce((sum, c, i) => sum + Math.abs(c - expected[i]!), 0);
  return { value: Math.min(1, moved / 2) };
}
