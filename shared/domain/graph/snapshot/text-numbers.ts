import { createStringTable, type StringTable } from './string-table.ts';

/** Numbers texts as they come, and says in the end where each stands among all of them. */
export interface TextNumbers {
  numberOf(text: string): number;
  /** `rankOf[number]` is the text's place in the sorted table. */
  sorted(): { readonly table: StringTable; readonly rankOf: Uint32Array };
}

export function createTextNumbers(): TextNumbers {
  const numbers = new Map<string, number>();
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    sorted() {
      const texts = [...numbers.keys()].sort();
      const rankOf = new Uint32Array(texts.length);
      for (const [rank, text] of texts.entries()) rankOf[numbers.get(text)!] = rank;
      return { table: createStringTable(texts), rankOf };
    },
  };
}
