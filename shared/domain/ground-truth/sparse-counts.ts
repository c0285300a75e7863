import type { SparseCounts } from './aggregates.ts';

/** Sum of both, bin by bin. */
export function addCounts(left: SparseCounts, right: SparseCounts): SparseCounts {
  const sum: Record<string, number> = { ...left };
  for (const [bin, count] of Object.entries(right)) sum[bin] = (sum[bin] ?? 0) + count;
  return sum;
}

export function totalCount(counts: SparseCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
