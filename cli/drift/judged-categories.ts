/** More bins than this tell nothing more, and what blocks cost grows with their square. */
const mostBins = 500;

/**
 * The bin of each category for the verdict: its own, or the last one for all that are rarer on both sides together than
 * the 499 most frequent. Which those are says nothing of the difference that is tested.
 */
export function judgedCategories(reference: readonly number[], current: readonly number[]) {
  const { length } = reference;
  if (length <= mostBins) return { bins: length, binOf: (category: number) => category };
  const both = Float64Array.from(reference, (count, i) => count + current[i]!);
  const byFrequency = Int32Array.from(both.keys()).sort((a, b) => both[b]! - both[a]! || a - b);
  const binByCategory = new Int32Array(length).fill(mostBins - 1);
  for (let bin = 0; bin < mostBins - 1; bin += 1) binByCategory[byFrequency[bin]!] = bin;
  return { bins: mostBins, binOf: (category: number) => binByCategory[category]! };
}
