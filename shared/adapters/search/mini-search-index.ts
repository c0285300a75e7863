import MiniSearch from 'minisearch';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { highlightsOf } from '../../domain/graph/search/highlight.ts';
import { digestOf, type SearchDocument } from '../../domain/graph/search/search-document.ts';
import { facetsOf } from '../../domain/graph/search/search-facets.ts';
import { createFilter } from '../../domain/graph/search/search-filters.ts';
import {
  type Cursor,
  firstAfter,
  formatCursor,
  type Position,
  parseCursor,
} from '../../domain/graph/search/search-order.ts';
import { type Reach, reaches, type SearchQuery, searchQuery } from '../../domain/graph/search/search-query.ts';
import { createScorer, exactScore, type Scored, type TermMatches } from '../../domain/graph/search/search-score.ts';
import { normalized, squashed } from '../../domain/graph/search/tokens.ts';
import type { SavableSearchIndex, SearchPage, SearchQuestion } from '../../ports/search-index.ts';
import { createExactNames } from './exact-names.ts';
import { miniSearchOptions } from './mini-search-options.ts';
import { miniSearchQuery } from './mini-search-query.ts';

type Entry = Scored & { readonly sortName: string };
type Hit = Position & { readonly entry: Entry; readonly isNamed: boolean };

/** Characters by which names are ordered; they are part of cursors. */
const orderedName = 100;
const stateOrder = { hydrated: 0, enriched: 0, placeholder: -1, tombstone: -2 } as const;

/** In this process's memory, for up to a few hundred thousand documents. */
export function createMiniSearchIndex(documents: readonly SearchDocument[] = [], saved?: string): SavableSearchIndex {
  const mini =
    saved === undefined
      ? new MiniSearch<SearchDocument>(miniSearchOptions)
      : MiniSearch.loadJSON<SearchDocument>(saved, miniSearchOptions);
  if (saved === undefined) mini.addAll(documents);
  const entries = new Map<EntityUri, Entry>();
  const exactNames = createExactNames<Entry>();
  const keep = (document: SearchDocument) => {
    const entry = entryOf(document);
    entries.set(document.uri, entry);
    exactNames.add(entry);
  };
  for (const document of documents) keep(document);

  function forget(uri: EntityUri): void {
    const known = entries.get(uri);
    if (known !== undefined) {
      exactNames.remove(known);
      entries.delete(uri);
    }
    if (!mini.has(uri)) return;
    // Not as it was indexed: its words are left to the next search that meets them.
    if (known === undefined || digestIn(mini, uri) !== digestOf(known.document)) mini.discard(uri);
    else mini.remove(known.document);
  }

  function found(query: SearchQuery, reach: Reach): readonly Hit[] {
    const exact = new Set(exactNames.of(query));
    const pasted = entries.get(query.text);
    if (pasted !== undefined) exact.add(pasted);
    const answerOf = createScorer(query, reach);
    const hits: Hit[] = [];
    for (const { id, match } of mini.search(miniSearchQuery(query, reach), { tokenize: (term) => [term] })) {
      const entry = entries.get(id);
      const answer = entry && answerOf(entry, match as TermMatches);
      if (entry === undefined || answer === undefined) continue;
      const isExact = exact.delete(entry);
      hits.push(
        hitOf(entry, isExact ? exactScore(query, entry, answer.score) : answer.score, isExact || answer.isNamed),
      );
    }
    for (const entry of exact) hits.push(hitOf(entry, exactScore(query, entry, undefined), true));
    return hits;
  }

  /** At the first reach that does; a next page goes on with that of the page before. */
  function ask(query: SearchQuery, isMeant: (document: SearchDocument) => boolean, cursor: Cursor | undefined) {
    const meant = (hits: readonly Hit[]) => hits.filter(({ entry }) => isMeant(entry.document));
    if (query.text === '') {
      const all = [...entries.values()].map((entry) => hitOf(entry, stateOrder[entry.document.state], true));
      return { reach: reaches[0], hits: meant(all) };
    }
    if (cursor !== undefined) return { reach: cursor.reach, hits: meant(found(query, cursor.reach)) };
    const written = meant(found(query, 'written'));
    // Words that stand somewhere else may still be a mistyped name.
    if (written.some(({ isNamed }) => isNamed)) return { reach: 'written' as const, hits: written };
    const mistyped = meant(found(query, 'mistyped'));
    if (mistyped.length > 0) return { reach: 'mistyped' as const, hits: mistyped };
    return { reach: 'any' as const, hits: meant(found(query, 'any')) };
  }

  return {
    async change(changed, forgotten) {
      for (const uri of forgotten) forget(uri);
      for (const document of changed) {
        if (mini.has(document.uri) && digestIn(mini, document.uri) === digestOf(document)) continue;
        forget(document.uri);
        mini.add(document);
        keep(document);
      }
    },
    async search({ text, limit, cursor: from, ...filters }) {
      const question = JSON.stringify([text.trim(), filters]);
      const cursor = from === undefined ? undefined : parseCursor(question, from);
      const query = searchQuery(text);
      const { reach, hits } = ask(query, createFilter(filters), cursor);
      const page = firstAfter(hits, cursor?.position, limit + 1);
      return pageOf({ hits, page, query, reach, question, limit });
    },
    digests: async () => new Map([...entries.keys()].map((uri) => [uri, digestIn(mini, uri)])),
    saved: () => JSON.stringify(mini),
  };
}

type Answer = Pick<SearchQuestion, 'limit'> & {
  readonly hits: readonly Hit[];
  /** One more than is shown, when there is one. */
  readonly page: readonly Hit[];
  readonly query: SearchQuery;
  readonly reach: Reach;
  readonly question: string;
};

function pageOf({ hits, page, query, reach, question, limit }: Answer): SearchPage {
  const shown = page.slice(0, limit);
  const last = shown.at(-1);
  return {
    hits: shown.map(({ score, entry: { document } }) => ({
      document,
      score: Math.max(0, score),
      highlights: highlightsOf(document, query, reach),
    })),
    total: hits.length,
    facets: facetsOf(hits.map(({ entry }) => entry.document)),
    ...(last !== undefined && page.length > limit && { cursor: formatCursor(question, { reach, position: last }) }),
  };
}

function entryOf(document: SearchDocument): Entry {
  const normalizedName = normalized(document.name);
  const squashedName = squashed(document.name);
  return { document, normalizedName, squashedName, sortName: normalizedName.slice(0, orderedName) };
}

function hitOf(entry: Entry, score: number, isNamed: boolean): Hit {
  return { entry, score, isNamed, name: entry.sortName, uri: entry.document.uri };
}

function digestIn(mini: MiniSearch<SearchDocument>, uri: EntityUri): string {
  const { digest } = mini.getStoredFields(uri) ?? {};
  return typeof digest === 'string' ? digest : '';
}
