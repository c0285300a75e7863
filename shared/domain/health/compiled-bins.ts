import type { Bins } from './baseline.ts';
import { type ThresholdIndex, thresholdIndex, thresholdsPassed } from './threshold-index.ts';

export type FeatureValue = number | string | boolean | null | undefined;

/**
 * Bins made ready to count many values: a bin's slot is its index; `missing` and `unseen` are the two slots after the
 * bins, so that `missing` is also their number.
 */
export type CompiledBins = { readonly slots: number; readonly missing: number; readonly unseen: number } & (
  | { readonly numbers: ThresholdIndex; readonly categories: undefined }
  | { readonly numbers: undefined; readonly categories: ReadonlyMap<string, number> }
);

// Bins are immutable and read once per batch of events, so they are compiled once.
const compiledByBins = new WeakMap<Bins, CompiledBins>();

export function compiledBins(bins: Bins): CompiledBins {
  const known = compiledByBins.get(bins);
  if (known !== undefined) return known;
  const compiled = compile(bins);
  compiledByBins.set(bins, compiled);
  return compiled;
}

/** Slot of one value; a number that is not finite is missing, text for a number is unseen. Allocates nothing. */
export function slotOf(bins: CompiledBins, value: FeatureValue): number {
  if (value === null || value === undefined) return bins.missing;
  if (bins.categories !== undefined)
    return bins.categories.get(typeof value === 'string' ? value : String(value)) ?? bins.unseen;
  if (typeof value === 'string') return bins.unseen;
  const number = Number(value);
  return Number.isFinite(number) ? thresholdsPassed(bins.numbers, number) : bins.missing;
}

function compile(bins: Bins): CompiledBins {
  if (bins.kind === 'numeric') {
    // x > value is x ≥ the next number after it, so that one comparison does for both.
    const thresholds = Float64Array.from(bins.boundaries, ({ value, test }) =>
      test === 'ge' ? value : nextNumberAfter(value),
    );
    return { ...slotsAfter(thresholds.length + 1), numbers: thresholdIndex(thresholds), categories: undefined };
  }
  const categories = new Map(bins.categories.map((category, i) => [category, i]));
  for (const other of bins.others ?? []) categories.set(other, bins.categories.length);
  const bound = bins.categories.length + (bins.others === undefined ? 0 : 1);
  return { ...slotsAfter(bound), numbers: undefined, categories };
}

function slotsAfter(bins: number) {
  return { slots: bins + 2, missing: bins, unseen: bins + 1 };
}

/** The least double greater than a finite `value` (IEEE 754 nextUp). */
function nextNumberAfter(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}
