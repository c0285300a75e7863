import { plainShares, whyIncomparable } from '../smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** L∞ distance max |c - r| of two counts on the same bins: the change of the bin that changed most, 0..1. */
export function chebyshevDistance(
  reference: readonly number[],
  current: readonly number[],
): { readonly value: number } | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const expected = plainShares(reference);
  const value = plainShares(current).reduce((largest, c, i) => Math.max(largest, Math.abs(c - expected[i]!)), 0);
  return { value };
}
