import type { SparseCounts } from './aggregates.ts';

/** Sum of all, bin by bin, into one object: pair by pair, a week of hours is mostly copying. */
export function sumCounts(all: readonly SparseCounts[]): SparseCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const bin in counts) sum[bin] = (sum[bin] ?? 0) + counts[bin]!;
  return sum;
}

export function totalCount(counts: SparseCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
