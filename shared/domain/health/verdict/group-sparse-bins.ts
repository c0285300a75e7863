/** Bins that lie on a line, or categories, which do not. */
export type BinOrder = 'ordered' | 'nominal';

/** Below it χ² is no approximation (Cochran 1954, "Some methods for strengthening the common χ² tests"). */
export const leastExpected = 5;

/**
 * Groups of bins, each expected to hold five rows on the smaller side if nothing changed. `ordered`: neighbours join;
 * `nominal`: the rarest join the next rarer. Which join depends on both sides taken together only, so that it says
 * nothing of the difference that is tested. Bins without any row are left out; one group when there are too few rows.
 */
export function groupSparseBins(
  reference: readonly number[],
  current: readonly number[],
  order: BinOrder,
): readonly (readonly number[])[] {
  const [n, m] = [sum(reference), sum(current)];
  const smallerShare = Math.min(n, m) / (n + m);
  const both = reference.map((count, bin) => count + current[bin]!);
  const held = both.flatMap((count, bin) => (count > 0 ? [bin] : []));
  if (order === 'nominal') held.sort((a, b) => both[a]! - both[b]! || a - b);
  const groups: number[][] = [];
  let [group, expected]: [number[], number] = [[], 0];
  for (const bin of held) {
    group.push(bin);
    expected += both[bin]! * smallerShare;
    if (expected < leastExpected) continue;
    groups.push(group);
    [group, expected] = [[], 0];
  }
  if (group.length > 0) groups.splice(-1, 1, [...(groups.at(-1) ?? []), ...group]);
  return groups;
}

/** The counts of each group. */
export function inGroups(counts: readonly number[], groups: readonly (readonly number[])[]): readonly number[] {
  // A loop: every block of every test passes here.
  return groups.map((group) => {
    let total = 0;
    for (const bin of group) total += counts[bin]!;
    return total;
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
