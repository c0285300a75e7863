import { alignedCategories } from '../../shared/domain/health/statistics/category-counts.ts';
import { chiSquareTest } from '../../shared/domain/health/statistics/chi-square-test.ts';
import { binnedMetrics } from './binned-metrics.ts';
import type { CategoricalColumn } from './column.ts';
import { type Metric, named, reportedMetrics } from './reported-metrics.ts';

/** Statistics on the union of both sides' categories. */
export function categoricalDrift(reference: CategoricalColumn, current: CategoricalColumn) {
  const aligned = alignedCategories(reference, current);
  const [referenceCounts, currentCounts] = [aligned.reference, aligned.current];
  return {
    aligned,
    missing: aligned.missing,
    bins: { categories: aligned.categories, referenceCounts, currentCounts },
    metrics: reportedMetrics({
      ...binnedMetrics(referenceCounts, currentCounts),
      ks: { value: null, reason: 'for numbers only' },
      wasserstein: { value: null, reason: 'for numbers only' },
      chiSquare: chiSquareMetric(referenceCounts, currentCounts),
    }),
  };
}

function chiSquareMetric(reference: readonly number[], current: readonly number[]): Metric {
  const test = chiSquareTest(reference, current);
  if (test.value !== null && test.pValue === null) return { value: null, reason: 'there is one category only' };
  return named(test, ({ value, degreesOfFreedom, pValue, minimumExpected, cramersV }) => ({
    statistic: value,
    degreesOfFreedom,
    pValue,
    minimumExpected,
    cramersV,
  }));
}
