/**
 * Optimal string alignment distance: the fewest insertions, deletions, substitutions and transpositions of neighbours,
 * no part of the text edited twice (Damerau 1964; Boytsov 2011). `limit + 1` as soon as it exceeds the limit.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  // Three rows in turn: names are compared by the thousand.
  let [before, last, row] = [rowFor(b), rowFor(b), rowFor(b)];
  for (let j = 0; j <= b.length; j += 1) last[j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    row[0] = i;
    let least = i;
    const code = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j += 1) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (code === other ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && code === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other;
      if (isSwapped) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[b.length]!, limit + 1);
}

const rowFor = (text: string) => new Uint16Array(text.length + 1);
