import type { Query } from 'minisearch';
import {
  allowedEdits,
  isPrefix,
  type QueryWord,
  type Reach,
  type SearchQuery,
} from '../../domain/graph/search/search-query.ts';
import { mistypedFields } from '../../domain/graph/search/search-score.ts';

/** Everything that a question may mean; what of it fits is judged by the score. */
export function miniSearchQuery(query: SearchQuery, reach: Reach): Query {
  const combineWith = reach === 'any' ? 'OR' : 'AND';
  return { combineWith, queries: query.words.map((word) => ofWord(query, word, reach)) };
}

function ofWord(query: SearchQuery, { whole, parts }: QueryWord, reach: Reach): Query {
  const combineWith = reach === 'any' ? 'OR' : 'AND';
  const ofParts: Query = { combineWith, queries: parts.map((part) => ofTerm(query, part, reach)) };
  return whole === undefined ? ofParts : { combineWith: 'OR', queries: [ofTerm(query, whole, reach), ofParts] };
}

function ofTerm(query: SearchQuery, term: string, reach: Reach): Query {
  const written: Query = { queries: [term], prefix: isPrefix(query, term) };
  const fuzzy = allowedEdits(term.length, reach);
  if (fuzzy === 0) return written;
  const fields = [...mistypedFields];
  // To the index two letters that changed places are two edits, which where one is allowed would find far too much.
  const swapped = fuzzy === 1 ? transpositions(term).map((each): Query => ({ queries: [each], fields })) : [];
  return { combineWith: 'OR', queries: [written, { queries: [term], fuzzy, fields }, ...swapped] };
}

function transpositions(term: string): readonly string[] {
  return Array.from({ length: term.length - 1 }, (_, i) =>
    [term.slice(0, i), term[i + 1], term[i], term.slice(i + 2)].join(''),
  ).filter((swapped) => swapped !== term);
}
