import { type NumericBins, quantile } from '../bins.ts';

/** One numeric column, sorted once; every statistic of raw values starts from it. */
export type SortedSample = {
  /** Ascending and finite. */
  readonly values: Float64Array;
  /** null, absent or NaN. */
  readonly missing: number;
  /** ±Infinity: no value to compare, but no missing one either. */
  readonly infinite: number;
};

/** Sorts the finite values and counts the others; O(n log n). */
export function sortedSample(column: Iterable<number | null | undefined>): SortedSample {
  const rows = column instanceof Float64Array ? column : Float64Array.from(column, (value) => value ?? Number.NaN);
  const finite = new Float64Array(rows.length);
  let valid = 0;
  let missing = 0;
  for (const value of rows) {
    if (Number.isFinite(value)) {
      finite[valid] = value;
      valid += 1;
    } else if (Number.isNaN(value)) missing += 1;
  }
  return { values: finite.subarray(0, valid).sort(), missing, infinite: rows.length - valid - missing };
}

export function rowsOf({ values, missing, infinite }: SortedSample): number {
  return values.length + missing + infinite;
}

/** Counts on the bins by binary search: O(B log n). */
export function countsOnBins(bins: NumericBins, { values }: SortedSample): readonly number[] {
  const cuts = bins.boundaries.map(({ value, test }) => firstIndex(values, value, test));
  return [...cuts, values.length].map((cut, i) => cut - (cuts[i - 1] ?? 0));
}

/** Index of the first of the ascending values that satisfies the test. */
export function firstIndex(values: Float64Array, bound: number, test: 'ge' | 'gt'): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle]!;
    if (test === 'ge' ? value >= bound : value > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Type 7 quantile (Hyndman & Fan 1996); undefined for an empty sample. */
export function quantileOf({ values }: SortedSample, probability: number): number | undefined {
  return values.length === 0 ? undefined : quantile(values, probability);
}
