import type { RecordState } from '../entity-record.ts';
import { editDistance } from './edit-distance.ts';
import type { SearchDocument } from './search-document.ts';
import { allowedEdits, type Reach, type SearchQuery } from './search-query.ts';
import { normalized, squashed } from './tokens.ts';

/** Fields that are indexed; where a word is found in several, the best counts. */
export const fieldWeights = {
  name: 1,
  id: 0.8,
  tags: 0.5,
  owners: 0.5,
  type: 0.4,
  related: 0.35,
  description: 0.3,
} as const;
export type SearchField = keyof typeof fieldWeights;
export const searchFields = Object.keys(fieldWeights) as readonly SearchField[];

/** Fields in which words may be mistyped; elsewhere there are so many words that everything would be like something. */
export const mistypedFields: readonly SearchField[] = ['name', 'id', 'tags', 'owners'];

const nameShare = 0.3;
/** What is only mentioned, or gone, comes after what is there and fits as well. */
const stateFactors = { hydrated: 1, enriched: 1, placeholder: 0.3, tombstone: 0.2 } as const;
/** Above every score of what has not exactly the name. */
const exactBonus = { uri: 13, name: 12, normalized: 11, squashed: 10 } as const;
export const maximumExactness = exactBonus.uri;
/** Characters of names that are compared. */
export const comparedName = 100;

/** How well a word fits a term, 0 (not) … 1 (is it). */
export function fitOf(word: string, term: string, reach: Reach): number {
  if (term.startsWith(word)) return prefixFit(word.length, term.length);
  const allowed = allowedEdits(word.length, reach);
  const edits = editDistance(word, term, allowed);
  return edits > allowed ? 0 : mistypedFit(edits);
}

/** Of a word and the longer term that begins with it, by their lengths in characters. */
export function prefixFit(word: number, term: number): number {
  return word === term ? 1 : 0.6 + (0.35 * word) / term;
}

/** Of a word that becomes the term by so many edits. */
export function mistypedFit(edits: number): number {
  return 0.85 - 0.15 * edits;
}

/**
 * How well a document answers a question, 0 … 1. It rests on the question and the document alone, not on how many other
 * documents there are: so it is the same in every process, and pages stay what they were while others are written.
 *
 * @param mean How well the words fit, the mean of all.
 * @param likeness How much the whole name is like the question, 0 … 1; 0 when not all words are in the name.
 */
export function answerScore(mean: number, likeness: number, state: RecordState): number {
  return rounded(((1 - nameShare) * mean + nameShare * mean * likeness) * stateFactors[state]);
}

/**
 * Of what is named exactly as was asked; exact names are found also where nothing of them is a word.
 *
 * @param answer Undefined when the words do not find it.
 */
export function exactScore(
  query: SearchQuery,
  document: Pick<SearchDocument, 'uri' | 'name' | 'state'>,
  answer: number | undefined,
): number {
  return rounded(exactness(query, document) + (answer ?? stateFactors[document.state]));
}

/** Above 0 of what is named exactly as was asked, in whatever style. */
export function exactness(query: SearchQuery, { uri, name }: Pick<SearchDocument, 'uri' | 'name'>): number {
  if (query.text === uri) return exactBonus.uri;
  if (query.text === name) return exactBonus.name;
  if (query.normalized === normalized(name)) return exactBonus.normalized;
  return query.squashed !== '' && query.squashed === squashed(name) ? exactBonus.squashed : 0;
}

/** How much a name is like the question; of one word by length alone, for the word is compared already. */
export function likenessOf(query: SearchQuery, squashedName: string): number {
  const [a, b] = [query.squashed.slice(0, comparedName), squashedName.slice(0, comparedName)];
  if (!isSeveral(query)) return lengthLikeness(a.length, b.length);
  return 1 - editDistance(a, b) / Math.max(a.length, b.length, 1);
}

/** Not less than `likenessOf` of names of these lengths in characters, and the same when one word was asked for. */
export function lengthLikeness(a: number, b: number): number {
  return Math.min(a, b) / Math.max(a, b, 1);
}

export function isSeveral(query: SearchQuery): boolean {
  return query.words.reduce((n, { parts }) => n + parts.length, 0) > 1;
}

function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
