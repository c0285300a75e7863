import fCdf from '@stdlib/stats-base-dists-f-cdf';

/**
 * P(X ≥ ratio) for X ~ F with two (fractional) degrees of freedom. Taken as the lower tail of 1 / X, which is F with
 * the degrees exchanged: 1 − cdf is 0 below 1e-16.
 */
export function fTail(ratio: number, numerator: number, denominator: number): number {
  return ratio <= 0 ? 1 : fCdf(1 / ratio, denominator, numerator);
}
