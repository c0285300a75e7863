import { chunksOf, normalized, squashed } from './tokens.ts';

/**
 * How far a question reaches: `written` finds words and their beginnings as they are written, `mistyped` forgives typing
 * errors by a word's length, `any` is content with some of the words. The next is asked when the one before does not do.
 */
export const reaches = ['written', 'mistyped', 'any'] as const;
export type Reach = (typeof reaches)[number];

/** One word that was asked for: any of its alternatives is found, each as a whole. */
export type QueryWord = {
  /** Absent of a single part. */
  readonly whole: string | undefined;
  readonly parts: readonly string[];
};

export type SearchQuery = {
  readonly text: string;
  /** For exact names. */
  readonly normalized: string;
  readonly squashed: string;
  readonly words: readonly QueryWord[];
};

/** Characters of a question; nobody remembers a longer name. */
export const maximumQueryLength = 300;
/** So that the time an answer takes is bounded; what comes after them is not asked for. */
const maximumWords = 10;
const maximumParts = 20;

export function searchQuery(text: string): SearchQuery {
  const words: QueryWord[] = [];
  let left = maximumParts;
  for (const { whole, parts } of chunksOf(text.slice(0, maximumQueryLength)).slice(0, maximumWords)) {
    if (left === 0) break;
    const asked = parts.slice(0, left).map(({ term }) => term);
    left -= asked.length;
    words.push({ whole: asked.length > 1 ? whole?.term : undefined, parts: asked });
  }
  return { text: text.trim(), normalized: normalized(text), squashed: squashed(text), words };
}

/** Edits by which a word of so many characters may be mistyped. */
export function allowedEdits(length: number, reach: Reach): number {
  if (reach === 'written' || length <= 1) return 0;
  if (length <= 7) return 1;
  return length <= 12 ? 2 : 3;
}

/** Whether a word is also found as the beginning of a longer one: one letter only while nothing else is asked for. */
export function isPrefix({ words }: SearchQuery, word: string): boolean {
  return word.length > 1 || (words.length === 1 && words[0]?.parts.length === 1);
}
