import { editDistance } from './edit-distance.ts';
import type { SearchDocument } from './search-document.ts';
import { allowedEdits, type Reach, type SearchQuery } from './search-query.ts';

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

/** Terms of a document that a question may mean, and the fields in which they stand. */
export type TermMatches = Readonly<Record<string, readonly string[]>>;

/** The document with what is compared of it. */
export type Scored = {
  readonly document: SearchDocument;
  readonly normalizedName: string;
  readonly squashedName: string;
};

const nameShare = 0.3;
/** What is only mentioned, or gone, comes after what is there and fits as well. */
const stateFactors = { hydrated: 1, enriched: 1, placeholder: 0.3, tombstone: 0.2 } as const;
/** Above every score of what has not exactly the name. */
const exactBonus = { uri: 13, name: 12, normalized: 11, squashed: 10 } as const;
const comparedName = 100;

/** Fields in which words may be mistyped; elsewhere there are so many words that everything would be like something. */
export const mistypedFields: readonly SearchField[] = ['name', 'id', 'tags', 'owners'];

/** How well a word fits a term, 0 (not) … 1 (is it). */
export function fitOf(word: string, term: string, reach: Reach): number {
  if (word === term) return 1;
  if (term.startsWith(word)) return 0.6 + (0.35 * word.length) / term.length;
  const allowed = allowedEdits(word.length, reach);
  const edits = editDistance(word, term, allowed);
  return edits > allowed ? 0 : 0.85 - 0.15 * edits;
}

/** How well a document answers a question. */
export type Answer = {
  /** 0 … 1, more for an exact name. */
  readonly score: number;
  /** Its name alone has every word. */
  readonly isNamed: boolean;
};

/**
 * Says of documents how well they answer a question; undefined when they do not. It rests on the question and the
 * document alone, not on how many other documents there are: so it is the same in every process, and pages stay what they
 * were while others are written.
 */
export function createScorer(
  query: SearchQuery,
  reach: Reach,
): (entry: Scored, matches: TermMatches) => Answer | undefined {
  const words = query.words.map(({ whole, parts }) => ({
    whole: whole === undefined ? undefined : fitsOf(whole, reach),
    parts: parts.map((part) => fitsOf(part, reach)),
  }));
  const isSeveral = query.words.reduce((n, { parts }) => n + parts.length, 0) > 1;

  return (entry, matches) => {
    const terms = Object.entries(matches).map(([term, fields]) => ({ term, ...weightOf(fields) }));
    let sum = 0;
    let isNamed = true;
    for (const { whole, parts } of words) {
      const found = parts.map((fitsTo) => best(fitsTo, terms));
      const asWhole = whole === undefined ? nothing : best(whole, terms);
      const isEvery = reach === 'any' || found.every(({ fit }) => fit > 0);
      const asParts = isEvery ? found.reduce((n, { fit }) => n + fit, 0) / found.length : 0;
      const fit = Math.max(asParts, asWhole.fit);
      if (fit === 0 && reach !== 'any') return undefined;
      isNamed &&= asWhole.isNamed || found.every((each) => each.isNamed);
      sum += fit;
    }
    if (sum === 0) return undefined;
    const mean = sum / words.length;
    // Where some words were not found at all, the name may still be what was meant as a whole.
    const name = isNamed || reach === 'any' ? mean * likeness(query.squashed, entry.squashedName, isSeveral) : 0;
    const score = rounded(((1 - nameShare) * mean + nameShare * name) * stateFactors[entry.document.state]);
    return { score, isNamed };
  };
}

/** Of what is named exactly as was asked; added to its score. */
export function exactness({ text, normalized, squashed }: SearchQuery, entry: Scored): number {
  if (text === entry.document.uri) return exactBonus.uri;
  if (text === entry.document.name) return exactBonus.name;
  if (normalized === entry.normalizedName) return exactBonus.normalized;
  return squashed !== '' && squashed === entry.squashedName ? exactBonus.squashed : 0;
}

/** Exact names are found also where nothing of them is a word. */
export function exactScore(query: SearchQuery, entry: Scored, score: number | undefined): number {
  return rounded(exactness(query, entry) + (score ?? stateFactors[entry.document.state]));
}

type Weighted = { readonly term: string; readonly weight: number; readonly isName: boolean };
const nothing = { fit: 0, isNamed: false };

function weightOf(fields: readonly string[]): { readonly weight: number; readonly isName: boolean } {
  let weight = 0;
  for (const field of fields) weight = Math.max(weight, fieldWeights[field as SearchField] ?? 0);
  return { weight, isName: weight === fieldWeights.name };
}

function best(fitsTo: (term: string) => number, terms: readonly Weighted[]) {
  let highest = 0;
  let isNamed = false;
  for (const { term, weight, isName } of terms) {
    const found = fitsTo(term) * weight;
    highest = Math.max(highest, found);
    isNamed ||= isName && found > 0;
  }
  return { fit: highest, isNamed };
}

// A term stands in thousands of documents.
function fitsOf(word: string, reach: Reach): (term: string) => number {
  const fits = new Map<string, number>();
  return (term) => {
    const known = fits.get(term);
    if (known !== undefined) return known;
    const fit = fitOf(word, term, reach);
    fits.set(term, fit);
    return fit;
  };
}

/** By length alone for one word, which is compared already. */
function likeness(asked: string, name: string, isSeveral: boolean): number {
  const [a, b] = [asked.slice(0, comparedName), name.slice(0, comparedName)];
  const longer = Math.max(a.length, b.length, 1);
  return isSeveral ? 1 - editDistance(a, b) / longer : Math.min(a.length, b.length) / longer;
}

function rounded(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
