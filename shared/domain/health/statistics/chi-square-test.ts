import { chiSquareTail } from '../chi-square-tail.ts';
import { totalOf, whyIncomparable } from '../smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type ChiSquareTest = {
  readonly value: number;
  /** null when fewer than two bins hold anything. */
  readonly pValue: number | null;
  readonly degreesOfFreedom: number;
  /** Below 5 the p-value is not to be trusted (Cochran 1954). */
  readonly minimumExpected: number;
  /** √(χ² / N) for two samples, 0..1. */
  readonly cramersV: number;
};

/**
 * Pearson's χ² test that two counts on the same bins come from one distribution (Pearson 1900), with Cramér's V (Cramér
 * 1946). Bins that are empty on both sides do not count; `yates` takes ½ off each deviation (Yates 1934), for 2 × 2
 * tables only. Rows are taken as independent.
 */
export function chiSquareTest(
  reference: readonly number[],
  current: readonly number[],
  correction: 'none' | 'yates' = 'none',
): ChiSquareTest | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const n = totalOf(reference);
  const m = totalOf(current);
  const degreesOfFreedom = reference.filter((r, i) => r + current[i]! > 0).length - 1;
  let value = 0;
  let minimumExpected = Number.POSITIVE_INFINITY;
  for (let i = 0; i < reference.length; i += 1) {
    const r = reference[i]!;
    const c = current[i]!;
    if (r + c === 0) continue;
    const share = (r + c) / (n + m);
    // Both cells of a column deviate by the same amount.
    const deviation = Math.abs(r - n * share);
    const counted = correction === 'yates' && degreesOfFreedom === 1 ? Math.max(0, deviation - 0.5) : deviation;
    value += (counted * counted) / (n * share) + (counted * counted) / (m * share);
    minimumExpected = Math.min(minimumExpected, n * share, m * share);
  }
  const pValue = degreesOfFreedom === 0 ? null : chiSquareTail(value, degreesOfFreedom);
  return { value, pValue, degreesOfFreedom, minimumExpected, cramersV: Math.min(1, Math.sqrt(value / (n + m))) };
}
