import gammainc from '@stdlib/math-base-special-gammainc';

/**
 * P(X ≥ statistic) for X ~ χ² with `degreesOfFreedom` ≥ 1: the upper regularized incomplete gamma function
 * Q(df / 2, x / 2). Computed as the tail itself, because 1 - cdf is 0 below 1e-16.
 */
export function chiSquareTail(statistic: number, degreesOfFreedom: number): number {
  return gammainc(Math.max(0, statistic) / 2, degreesOfFreedom / 2, true, true);
}
