import { numericBinsOfSorted } from '../../shared/domain/health/bins.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { populationDeviation } from '../../shared/domain/health/statistics/moments.ts';
import { mergeSamples } from '../../shared/domain/health/statistics/ordered-counts.ts';
import { countsOnBins, type SortedSample, sortedSample } from '../../shared/domain/health/statistics/sorted-sample.ts';
import { normalizedWasserstein, wasserstein } from '../../shared/domain/health/statistics/wasserstein.ts';
import { binnedMetrics } from './binned-metrics.ts';
import type { NumericColumn } from './column.ts';
import { named, reportedMetrics } from './reported-metrics.ts';

/** Statistics of the values and of ten equal-frequency bins of the reference. */
export function numericDrift(reference: NumericColumn, current: NumericColumn) {
  const [before, now] = [sortedSample(reference.values), sortedSample(current.values)];
  const bins = numericBinsOfSorted(before.values);
  const [referenceCounts, currentCounts] = [countsOnBins(bins, before), countsOnBins(bins, now)];
  return {
    binning: bins,
    missing: {
      reference: before.missing - reference.textRows.length,
      current: now.missing - current.textRows.length,
    },
    infinite: { reference: before.infinite, current: now.infinite },
    bins: {
      edges: bins.boundaries.flatMap(({ value }, i) => (value === bins.boundaries[i - 1]?.value ? [] : [value])),
      boundaries: bins.boundaries.map(({ value, test }) => [value, test] as const),
      referenceCounts,
      currentCounts,
    },
    metrics: reportedMetrics({
      ...binnedMetrics(referenceCounts, currentCounts),
      ...valueMetrics(before, now),
      chiSquare: { value: null, reason: 'for categories only' },
    }),
  };
}

function valueMetrics(before: SortedSample, now: SortedSample) {
  const merged = mergeSamples(before, now);
  const ks = kolmogorovSmirnov(merged);
  const raw = wasserstein(merged);
  const normalized = normalizedWasserstein(merged, populationDeviation(before));
  return {
    ks: named(ks, ({ value, pValue, method }) => ({ statistic: value, pValue, method })),
    wasserstein: named(raw, ({ value }) => ({
      raw: value,
      normalized: normalized.value,
      ...(normalized.value === null ? { reason: normalized.reason } : {}),
    })),
  };
}
