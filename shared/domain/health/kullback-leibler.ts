import { gTest } from './g-test.ts';
import { type Shares, smoothedShares } from './smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from './undefined-statistic.ts';

type Divergence = {
  /** Nats, ≥ 0. */
  readonly value: number;
  /** Of the G-test on the same counts; null when fewer than two bins hold anything. */
  readonly pValue: number | null;
};

/**
 * KL(current ‖ reference) = Σ cᵢ ln(cᵢ / rᵢ) of two counts on the same bins (Kullback & Leibler 1951), shares smoothed
 * by add-½ unless `shares` says otherwise. Undefined when a side has no values, or when a share of the reference is 0
 * where one of the current is not. KL(reference ‖ current) is the same with the sides exchanged.
 */
export function kullbackLeibler(
  reference: readonly number[],
  current: readonly number[],
  shares: Shares = smoothedShares,
): Divergence | UndefinedStatistic {
  const test = gTest(reference, current);
  if (test.value === null) return test;
  const expected = shares(reference);
  const actual = shares(current);
  const value = actual.reduce((sum, c, i) => sum + (c === 0 ? 0 : c * Math.log(c / expected[i]!)), 0);
  if (!Number.isFinite(value)) return undefinedStatistic('a bin is empty in the reference only');
  // Rounding can leave equal distributions a hair below zero.
  return { value: Math.max(0, value), pValue: test.pValue };
}
