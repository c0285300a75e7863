/** What keeps an empty bin from an infinite logarithm: half a row in each bin (Jeffreys' prior). */
const halfRow = 0.5;

/** How counts become shares. */
export type Shares = (counts: readonly number[]) => readonly number[];

/** (count + ½) / (n + ½ B) of each of the B bins; positive, and they sum to 1. */
export function smoothedShares(counts: readonly number[]): readonly number[] {
  const total = totalOf(counts) + halfRow * counts.length;
  return counts.map((count) => (count + halfRow) / total);
}

/** count / n: what distances use that an empty bin does not harm. All 0 when there is nothing. */
export function plainShares(counts: readonly number[]): readonly number[] {
  const total = totalOf(counts);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

export function totalOf(counts: readonly number[]): number {
  // A loop: every verdict sums every block, and a call for each count takes twice as long.
  let total = 0;
  for (let bin = 0; bin < counts.length; bin += 1) total += counts[bin]!;
  return total;
}

/** Why two binned samples cannot be compared; undefined when they can. Both have the same bins. */
export function whyIncomparable(reference: readonly number[], current: readonly number[]): string | undefined {
  if (totalOf(reference) === 0) return 'the baseline has no valid value';
  if (totalOf(current) === 0) return 'no valid value in the window';
  const isCount = (count: number) => count >= 0 && count < Number.POSITIVE_INFINITY;
  if (!reference.every(isCount) || !current.every(isCount)) return 'a count is not a number ≥ 0';
  return reference.length === current.length ? undefined : 'the bins of the two sides differ';
}
