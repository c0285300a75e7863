import type { SparseCounts } from './aggregates.ts';

/** Sum of all, bin by bin, into one object: pair by pair, a week of hours is mostly copying. */
export function sumCounts(all: readonly SparseCounts[]): SparseCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const bin in counts) {
      if (bin === '__proto__') addOwn(sum, bin, counts[bin]!);
      else sum[bin] = (sum[bin] ?? 0) + counts[bin]!;
    }
  }
  return sum;
}

/** A category may have any name. */
function addOwn(sum: Record<string, number>, bin: string, count: number): void {
  const value = (Object.hasOwn(sum, bin) ? sum[bin]! : 0) + count;
  Object.defineProperty(sum, bin, { value, enumerable: true, writable: true, configurable: true });
}

export function totalCount(counts: SparseCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
