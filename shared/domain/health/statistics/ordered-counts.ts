import type { SortedSample } from './sorted-sample.ts';

/**
 * Two samples on one ordered axis: how often each point occurs on either side. The points are the distinct values of
 * both, or the bins of two histograms; rank statistics need nothing more.
 */
export type OrderedCounts = {
  readonly reference: ArrayLike<number>;
  readonly current: ArrayLike<number>;
  /** Totals of the two sides. */
  readonly n: number;
  readonly m: number;
};

/** With the places of the points, ascending, which distances along the axis need. */
export type PlacedCounts = OrderedCounts & { readonly values: Float64Array };

/** Merges two sorted samples; O(n + m). */
export function mergeSamples(before: SortedSample, now: SortedSample): PlacedCounts {
  const a = before.values;
  const b = now.values;
  const n = a.length;
  const m = b.length;
  const values = new Float64Array(n + m);
  const reference = new Float64Array(n + m);
  const current = new Float64Array(n + m);
  let points = 0;
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const value = j === m || (i < n && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const below = i + j;
    while (i < n && a[i] === value) i += 1;
    const left = i + j - below;
    while (j < m && b[j] === value) j += 1;
    values[points] = value;
    reference[points] = left;
    current[points] = i + j - below - left;
    points += 1;
  }
  return {
    values: values.subarray(0, points),
    reference: reference.subarray(0, points),
    current: current.subarray(0, points),
    n,
    m,
  };
}

/** Two histograms on the same ordered bins. Values of one bin count as equal. */
export function orderedCounts(reference: readonly number[], current: readonly number[]): OrderedCounts {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return { reference, current, n: total(reference), m: total(current) };
}

/** Why two samples cannot be compared; undefined when they can. */
export function whyEmpty({ n, m }: Pick<OrderedCounts, 'n' | 'm'>): string | undefined {
  if (n === 0) return 'the baseline has no valid value';
  return m === 0 ? 'no valid value in the window' : undefined;
}
