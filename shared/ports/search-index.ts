import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { Highlight } from '../domain/graph/search/highlight.ts';
import type { SearchDocument } from '../domain/graph/search/search-document.ts';
import type { Facets } from '../domain/graph/search/search-facets.ts';
import type { SearchFilters } from '../domain/graph/search/search-filters.ts';

export type SearchQuestion = SearchFilters & {
  /** Empty lists everything by name. */
  readonly text: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

export type SearchHit = {
  readonly document: SearchDocument;
  /** 0 … 1, more for an exact name; 0 when nothing was asked for. The same whatever else is in the index. */
  readonly score: number;
  readonly highlights: readonly Highlight[];
  /** Of the page that begins after it. */
  readonly cursor: string;
};

export type SearchPage = {
  readonly hits: readonly SearchHit[];
  /** On all pages, as are the facets' counts. */
  readonly total: number;
  readonly facets: Facets;
  readonly cursor?: string;
};

/** Documents, found by their words. Nothing here knows where it is kept, so that a cluster could take over. */
export interface SearchIndex {
  /** Puts documents in place of those of the same URI, and forgets others; visible when it has returned. */
  change(documents: readonly SearchDocument[], forgotten: readonly EntityUri[]): Promise<void>;
  /** Throws `InvalidRequest` (code `invalid-cursor`). */
  search(question: SearchQuestion): Promise<SearchPage>;
  /** `digestOf` each document's JSON as it was indexed. */
  digests(): Promise<ReadonlyMap<EntityUri, string>>;
}

/** One that is kept in memory, and begun from a snapshot. */
export interface SavableSearchIndex extends SearchIndex {
  /** The index with its documents. */
  saved(): Uint8Array;
}

/** Of documents, or of what an index `saved()`. */
export type CreateSearchIndex = (from: readonly SearchDocument[] | Uint8Array) => SavableSearchIndex;
