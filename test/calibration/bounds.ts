import { chiSquareQuantile } from '../../shared/domain/health/statistics/chi-square-quantile.ts';

/** Upper bound of a rate after so many hits in so many runs, one-sided (Garwood 1936; above that of Clopper & Pearson 1934). */
export function upperBound(hits: number, runs: number, error = 0.01): number {
  return runs === 0 ? 1 : Math.min(1, chiSquareQuantile(error, 2 * (hits + 1)) / 2 / runs);
}
