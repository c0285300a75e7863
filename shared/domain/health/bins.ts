import type { Bins } from './baseline.ts';
import { compiledBins, type FeatureValue, slotOf } from './compiled-bins.ts';

export type NumericBins = Extract<Bins, { kind: 'numeric' }>;

const numericBinCount = 10;
/** A category of its own bin must be common enough to count; rarer ones are judged together. */
const defaultTopCategories = 50;
/** Bounds the baseline's size; what is rarer still counts as unseen, at the baseline as later. */
const maximumOthers = 5_000;

/**
 * Ten equal-frequency bins: the distinct type 7 quantiles 0.1 … 0.9 (Hyndman & Fan 1996, numpy's default) of the
 * finite values, left-closed, outer bins open. An edge that is two or more of the nine quantiles is an atom and gets a
 * bin of its own, so that a constant or zero-inflated feature cannot change unseen. No values: one bin.
 */
export function numericBins(values: Iterable<number>): Bins {
  return numericBinsOfSorted(Float64Array.from(values).filter(Number.isFinite).sort());
}

/** `numericBins` of values that are ascending and finite already. */
export function numericBinsOfSorted(sorted: Float64Array): NumericBins {
  if (sorted.length === 0) return { kind: 'numeric', boundaries: [] };
  const edges = Array.from({ length: numericBinCount - 1 }, (_, i) => quantile(sorted, (i + 1) / numericBinCount));
  const boundaries = edges.flatMap((value, i) => {
    if (value === edges[i - 1]) return [];
    const isAtom = value === edges[i + 1];
    return isAtom
      ? [
          { value, test: 'ge' as const },
          { value, test: 'gt' as const },
        ]
      : [{ value, test: 'ge' as const }];
  });
  return { kind: 'numeric', boundaries };
}

/** Type 7 quantile of ascending values, interpolated from the nearer neighbour as numpy does. */
export function quantile(sorted: Float64Array, probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const fraction = position - below;
  return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
}

/**
 * One bin for each of the `topK` most frequent categories (ties by code point), one shared bin for the further ones
 * known at the baseline. A category the baseline does not know is unseen, never one of the others.
 */
export function categoricalBins(values: Iterable<string>, topK: number = defaultTopCategories): Bins {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return categoricalBinsOfCounts(counts, topK);
}

/** `categoricalBins` of values that are counted already. */
export function categoricalBinsOfCounts(
  counts: ReadonlyMap<string, number>,
  topK: number = defaultTopCategories,
): Bins {
  const byFrequency = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([category]) => category);
  const categories = byFrequency.slice(0, topK);
  const others = byFrequency.slice(topK, topK + maximumOthers);
  return { kind: 'categorical', categories, ...(others.length === 0 ? {} : { others }) };
}

/** `missing`: null, absent or not finite. `unseen`: a category the baseline does not know, or text for a number. */
export function binIndex(bins: Bins, value: FeatureValue): number | 'missing' | 'unseen' {
  const compiled = compiledBins(bins);
  const slot = slotOf(compiled, value);
  if (slot === compiled.missing) return 'missing';
  return slot === compiled.unseen ? 'unseen' : slot;
}

/** Number of bins that `binIndex` can name; at least 1 for numbers. */
export function binCount(bins: Bins): number {
  return compiledBins(bins).missing;
}
