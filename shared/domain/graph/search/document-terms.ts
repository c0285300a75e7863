import type { SearchDocument } from './search-document.ts';
import type { SearchQuery } from './search-query.ts';
import { fieldWeights, mistypedFields, type SearchField, searchFields } from './search-score.ts';
import { maximumTermLength, normalized, squashed } from './tokens.ts';

/** Bits of the fields in which a term stands; the last one says that the term is the whole name. */
export type FieldMask = number;

/** How many masks there are. */
export const maskCount = 256;
export const wholeNameBit = 128;

const bitOf = Object.fromEntries(searchFields.map((field, i) => [field, 1 << i])) as Record<SearchField, number>;
export const nameBit: number = bitOf.name;
const mistypedMask = mistypedFields.reduce((mask, field) => mask | bitOf[field], 0);

/** By mask: the weight of the best field in which a term is found, 0 of one that is found nowhere. */
export const maskWeights = {
  written: Float64Array.from({ length: maskCount }, (_, mask) => weightOf(mask)),
  mistyped: Float64Array.from({ length: maskCount }, (_, mask) => weightOf(mask & mistypedMask)),
} as const;

function weightOf(mask: FieldMask): number {
  return Math.max(0, ...searchFields.filter((field) => mask & bitOf[field]).map((field) => fieldWeights[field]));
}

/**
 * What a document is found by, and where it stands.
 *
 * @param termsIn `termsOf`, or what remembers its results.
 */
export function documentTerms(
  document: SearchDocument,
  termsIn: (text: string) => readonly string[],
): ReadonlyMap<string, FieldMask> {
  const masks = new Map<string, FieldMask>();
  const add = (term: string, bits: FieldMask) => masks.set(term, (masks.get(term) ?? 0) | bits);
  for (const field of searchFields)
    for (const text of textsOf(document, field)) for (const term of termsIn(text)) add(term, bitOf[field]);
  // A name is also found when it is written without its spaces.
  const whole = squashed(document.name);
  if (whole !== '') add(whole.slice(0, maximumTermLength), bitOf.name | wholeNameBit);
  const asWritten = normalized(document.name);
  if (whole === '' || squashed(asWritten) !== whole) add(writtenKey(asWritten), wholeNameBit);
  return masks;
}

/** Terms of which one has `wholeNameBit` in every document that is named exactly as was asked, and in few others. */
export function exactTerms({ normalized: asWritten, squashed: whole }: SearchQuery): readonly string[] {
  const keys = [whole, squashed(asWritten)].filter((key) => key !== '').map((key) => key.slice(0, maximumTermLength));
  return [...new Set([...keys, writtenKey(asWritten)])];
}

/** Of a name of which nothing is a word; with a space, which no term of a question has. */
function writtenKey(asWritten: string): string {
  return ` ${asWritten.slice(0, maximumTermLength)}`;
}

function textsOf(document: SearchDocument, field: SearchField): readonly string[] {
  if (field === 'owners') return document.owners.map(({ name }) => name);
  const texts = document[field];
  return typeof texts === 'string' ? [texts] : (texts ?? []);
}
