/** Texts end to end; text `i` ends before byte `ends[i]`. Made into strings one at a time, when they are asked for. */
export type StringTable = { readonly bytes: Buffer; readonly ends: Uint32Array };

export function createStringTable(texts: readonly string[]): StringTable {
  const ends = new Uint32Array(texts.length);
  let length = 0;
  for (const [i, text] of texts.entries()) {
    length += Buffer.byteLength(text);
    ends[i] = length;
  }
  const bytes = Buffer.allocUnsafeSlow(length);
  for (const [i, text] of texts.entries()) bytes.write(text, i === 0 ? 0 : ends[i - 1]!);
  return { bytes, ends };
}

export function textAt({ bytes, ends }: StringTable, index: number): string {
  return bytes.toString('utf8', index === 0 ? 0 : ends[index - 1]!, ends[index]!);
}

/** How many texts of a sorted table are smaller. O(log texts). */
export function countBelow(table: StringTable, text: string): number {
  let [low, high] = [0, table.ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (textAt(table, middle) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the text stands in a sorted table. */
export function indexOfText(table: StringTable, text: string): number | undefined {
  const index = countBelow(table, text);
  return index < table.ends.length && textAt(table, index) === text ? index : undefined;
}
