/** Texts end to end in UTF-16 code units, compared where they lie; text `i` is from `starts[i]` to before `starts[i + 1]`. */
export type TextColumn = { readonly units: Uint16Array; readonly starts: Uint32Array };

export function textColumn(texts: readonly string[]): TextColumn {
  const starts = new Uint32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) starts[i + 1] = starts[i]! + text.length;
  const units = new Uint16Array(starts[texts.length]!);
  let at = 0;
  for (const text of texts) for (let i = 0; i < text.length; i += 1) units[at++] = text.charCodeAt(i);
  return { units, starts };
}

export function countOf({ starts }: TextColumn): number {
  return starts.length - 1;
}

export function lengthAt({ starts }: TextColumn, i: number): number {
  return starts[i + 1]! - starts[i]!;
}

export function textAt({ units, starts }: TextColumn, i: number): string {
  const { buffer, byteOffset } = units;
  return Buffer.from(buffer, byteOffset + 2 * starts[i]!, 2 * (starts[i + 1]! - starts[i]!)).toString('utf16le');
}

/** As `<` and `>` compare strings: below 0 when the text of `a` comes first. */
export function compareTexts(a: TextColumn, i: number, b: TextColumn, j: number): number {
  const [from, other] = [a.starts[i]!, b.starts[j]!];
  const [length, otherLength] = [a.starts[i + 1]! - from, b.starts[j + 1]! - other];
  const shared = Math.min(length, otherLength);
  for (let k = 0; k < shared; k += 1) {
    const difference = a.units[from + k]! - b.units[other + k]!;
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}

/** How many texts of a sorted column come before the text; `order`: the column's positions in order. O(log texts). */
export function countBelow(column: TextColumn, text: string, order?: Uint32Array): number {
  const sought = textColumn([text]);
  return firstWhere(countOf(column), (i) => compareTexts(column, order?.[i] ?? i, sought, 0) >= 0);
}

/** The end of those texts from `from` on, in a sorted column, that begin as text `i` does, by `length` code units. */
export function endOfPrefix({ units, starts }: TextColumn, i: number, length: number, from: number): number {
  const first = starts[i]!;
  const begins = (other: number) => {
    const start = starts[other]!;
    if (starts[other + 1]! - start < length) return false;
    for (let k = length - 1; k >= 0; k -= 1) if (units[start + k] !== units[first + k]) return false;
    return true;
  };
  // Most often it is near.
  let step = 1;
  while (from + step < starts.length - 1 && begins(from + step)) step *= 2;
  const low = from + (step >>> 1);
  return low + firstWhere(Math.min(from + step, starts.length - 1) - low, (k) => !begins(low + k));
}

/** Smallest number below `count` for which it holds, as it does for all after; `count` when there is none. */
export function firstWhere(count: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Texts picked from several columns, in the order given. */
export function pickTexts(columns: readonly TextColumn[], from: Uint8Array, at: Uint32Array): TextColumn {
  const starts = new Uint32Array(at.length + 1);
  for (let i = 0; i < at.length; i += 1) starts[i + 1] = starts[i]! + lengthAt(columns[from[i]!]!, at[i]!);
  const units = new Uint16Array(starts[at.length]!);
  for (let i = 0; i < at.length; i += 1) {
    const column = columns[from[i]!]!;
    let to = starts[i]!;
    const end = column.starts[at[i]! + 1]!;
    for (let k = column.starts[at[i]!]!; k < end; k += 1) units[to++] = column.units[k]!;
  }
  return { units, starts };
}
