import { chiSquareTail } from '../chi-square-tail.ts';
import { chiSquareQuantile } from '../statistics/chi-square-quantile.ts';

/** A shift of the size that matters is found this often with the rows that are needed. */
export const power = 0.99;

export type RowsNeeded = {
  /** PSI that must be found. */
  readonly effect: number;
  readonly alpha: number;
  /** Bins − 1, ≥ 1. */
  readonly degreesOfFreedom: number;
  readonly referenceRows: number;
  /** ≥ 1 */
  readonly designEffect: number;
};

/**
 * Rows of the current side with which a shift of `effect` is found at `alpha` with a power of 0.99. PSI and χ² / (1 / n +
 * 1 / m) agree to second order, so the test has the non-central χ² distribution with λ = effect / (d (1/n + 1/m)).
 * Infinity when the reference is too small for any.
 */
export function rowsNeeded({ effect, alpha, degreesOfFreedom, referenceRows, designEffect }: RowsNeeded): number {
  const share = effect / (designEffect * noncentralityNeeded(alpha, degreesOfFreedom)) - 1 / referenceRows;
  return share <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(1 / share);
}

const known = new Map<string, number>();

function noncentralityNeeded(alpha: number, degreesOfFreedom: number): number {
  const key = `${alpha} ${degreesOfFreedom}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const critical = chiSquareQuantile(alpha, degreesOfFreedom);
  let [low, high] = [0, 2 * critical + 50];
  // Rows are whole numbers; four digits of λ are more than they need.
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2;
    if (noncentralTail(critical, degreesOfFreedom, middle) < power) low = middle;
    else high = middle;
  }
  known.set(key, high);
  return high;
}

/** P(X ≥ x) of the non-central χ²: central tails in Poisson(λ / 2) proportions (Johnson, Kotz & Balakrishnan 1995, ch. 29). */
function noncentralTail(x: number, degreesOfFreedom: number, noncentrality: number): number {
  const mean = noncentrality / 2;
  const reach = 10 * Math.sqrt(mean) + 10;
  let logWeight = -mean;
  let sum = 0;
  for (let j = 0; j <= mean + reach; j += 1) {
    if (j > 0) logWeight += Math.log(mean / j);
    if (j >= mean - reach) sum += Math.exp(logWeight) * chiSquareTail(x, degreesOfFreedom + 2 * j);
  }
  return sum;
}
