import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { momentsOf } from './moments.ts';
import type { SortedSample } from './sorted-sample.ts';

type MeanTest = { readonly value: number; readonly pValue: number; readonly degreesOfFreedom: number };

/** Welch's test that two samples have one mean, variances unequal, two-sided (Welch 1947). `value` is t, first - second. */
export function welchTest(first: SortedSample, second: SortedSample): MeanTest | UndefinedStatistic {
  const [n, m] = [first.values.length, second.values.length];
  const [a, b] = [momentsOf(first), momentsOf(second)];
  if (a === undefined || b === undefined || n < 2 || m < 2) return undefinedStatistic('needs two values on each side');
  const varianceA = a.sumSquaredDeviations / (n - 1) / n;
  const varianceB = b.sumSquaredDeviations / (m - 1) / m;
  const variance = varianceA + varianceB;
  if (variance === 0 || !Number.isFinite(variance)) return undefinedStatistic('the values do not vary');
  const value = (a.mean - b.mean) / Math.sqrt(variance);
  const degreesOfFreedom = variance ** 2 / (varianceA ** 2 / (n - 1) + varianceB ** 2 / (m - 1));
  return { value, pValue: 2 * studentCdf(-Math.abs(value), degreesOfFreedom), degreesOfFreedom };
}

/** Student's one-sample t-test that differences are 0 on average (Student 1908), two-sided. */
export function pairedMeanTest(differences: SortedSample): MeanTest | UndefinedStatistic {
  const n = differences.values.length;
  const moments = momentsOf(differences);
  if (moments === undefined || n < 2) return undefinedStatistic('needs two pairs');
  if (moments.sumSquaredDeviations === 0 || !Number.isFinite(moments.sumSquaredDeviations))
    return undefinedStatistic('the differences do not vary');
  const value = moments.mean / Math.sqrt(moments.sumSquaredDeviations / (n - 1) / n);
  return { value, pValue: 2 * studentCdf(-Math.abs(value), n - 1), degreesOfFreedom: n - 1 };
}

/** Cohen's d (1988): difference of the means, second - first, over the pooled standard deviation. */
export function cohensD(first: SortedSample, second: SortedSample): { readonly value: number } | UndefinedStatistic {
  const [n, m] = [first.values.length, second.values.length];
  const [a, b] = [momentsOf(first), momentsOf(second)];
  if (a === undefined || b === undefined || n + m < 3) return undefinedStatistic('needs two values on a side');
  const deviation = Math.sqrt((a.sumSquaredDeviations + b.sumSquaredDeviations) / (n + m - 2));
  if (deviation === 0) return undefinedStatistic('the values do not vary');
  return finiteStatistic((b.mean - a.mean) / deviation);
}
