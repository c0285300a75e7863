import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type UndefinedStatistic, undefinedStatistic } from './undefined-statistic.ts';

type Proportion = { readonly count: number; readonly n: number };

/**
 * Pooled two-proportion z test, two-sided (Fleiss, Levin & Paik 2003, ch. 3.2). `value` is z, positive when the current
 * rate is the higher one. Undefined when a side is empty or the pooled rate is 0 or 1: then there is no variance.
 */
export function twoProportionTest(
  reference: Proportion,
  current: Proportion,
): { readonly value: number; readonly pValue: number } | UndefinedStatistic {
  if (reference.n === 0 || current.n === 0) return undefinedStatistic('a side has no rows');
  const pooled = (reference.count + current.count) / (reference.n + current.n);
  if (pooled === 0 || pooled === 1) return undefinedStatistic(`the rate is ${pooled} on both sides`);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / reference.n + 1 / current.n));
  const value = (current.count / current.n - reference.count / reference.n) / standardError;
  return { value, pValue: 2 * normalCdf(-Math.abs(value), 0, 1) };
}
