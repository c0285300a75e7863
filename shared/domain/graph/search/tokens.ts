/** A word of a text as it is compared, and where it stands in the text (UTF-16 code units). */
export type Token = { readonly term: string; readonly start: number; readonly end: number };

/** What stands between spaces: `userEmbedding_v3` is one chunk of the parts `user`, `embedding`, `v3`. */
export type Chunk = {
  /** Every part, one after the other; absent of a single part, which says it already. */
  readonly whole: Token | undefined;
  readonly parts: readonly Token[];
};

/** Characters of a term; what is longer is compared by its beginning, so that no text makes the comparison slow. */
export const maximumTermLength = 64;

// Capitals that begin no word (`HTTP` of `HTTPServer`), a word with its first capital, or digits; a number stays with the
// letters before it, for `v3` is one word.
const part = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}]+\p{N}*|\p{N}+/gu;

const ascii = /^[ -~]*$/;

/** Case, accents and compatibility forms make no difference; nor do spaces around it. */
export function normalized(text: string): string {
  // Nearly every name is; what is ASCII has no other form.
  if (ascii.test(text)) return text.toLowerCase().trim();
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim();
}

/** The parts alone: the same for `user_embedding`, `userEmbedding` and `user embedding`. */
export function squashed(text: string): string {
  return [...text.matchAll(part)].map(([found]) => normalized(found)).join('');
}

/** camelCase, snake_case, kebab-case, dots, slashes and colons separate parts; spaces separate chunks. */
export function chunksOf(text: string): readonly Chunk[] {
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: chunk, index: at }): readonly Chunk[] => {
    const parts = [...chunk.matchAll(part)].map(({ 0: found, index }) => tokenOf(found, at + index));
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return [];
    const joined = parts.map(({ term }) => term).join('');
    const isWhole = parts.length > 1 && joined.length <= maximumTermLength;
    return [{ parts, whole: isWhole ? { term: joined, start: first.start, end: last.end } : undefined }];
  });
}

/** What the text is found by: every part, and every whole. */
export function termsOf(text: string): readonly string[] {
  const terms = new Set<string>();
  for (const { whole, parts } of chunksOf(text)) {
    if (whole !== undefined) terms.add(whole.term);
    for (const { term } of parts) terms.add(term);
  }
  return [...terms];
}

function tokenOf(found: string, start: number): Token {
  return { term: normalized(found).slice(0, maximumTermLength), start, end: start + found.length };
}
