import { gTest } from './g-test.ts';
import { smoothedShares } from './smoothed-shares.ts';
import type { UndefinedStatistic } from './undefined-statistic.ts';

type Divergence = {
  /** Nats, ≥ 0. */
  readonly value: number;
  /** Of the G-test on the same counts; null when fewer than two bins hold anything. */
  readonly pValue: number | null;
};

/**
 * KL(current ‖ reference) = Σ cᵢ ln(cᵢ / rᵢ) of two counts on the same bins (Kullback & Leibler 1951), shares smoothed
 * by add-½. Undefined when a side has no values.
 */
export function kullbackLeibler(
  reference: readonly number[],
  current: readonly number[],
): Divergence | UndefinedStatistic {
  const test = gTest(reference, current);
  if (test.value === null) return test;
  const expected = smoothedShares(reference);
  const actual = smoothedShares(current);
  const value = actual.reduce((sum, c, i) => sum + c * Math.log(c / expected[i]!), 0);
  // Rounding can leave equal distributions a hair below zero.
  return { value: Math.max(0, value), pValue: test.pValue };
}
