import type { Instant } from '../../domain/time.ts';
import type { SearchHit, SearchIndex, SearchPage } from '../../ports/search-index.ts';

export type { SearchHit, SearchPage, SearchQuestion } from '../../ports/search-index.ts';

export type SearchRequest = {
  readonly q: string;
  /** Several are separated by commas. */
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
  readonly owner?: string | undefined;
  readonly platform?: string | undefined;
  readonly tombstones: 'included' | 'excluded';
  readonly limit: number;
  readonly cursor?: string | undefined;
};

export type FoundEntities = Pick<SearchPage, 'total' | 'facets' | 'cursor'> & {
  readonly items: readonly FoundEntity[];
  readonly asOf: Instant;
};

export type FoundEntity = Omit<SearchHit['document'], 'id' | 'related'> & Omit<SearchHit, 'document' | 'cursor'>;

/** What the graph holds at present of what is asked for. Throws `InvalidRequest` (code `invalid-cursor`). */
export async function searchEntities(
  search: (now: Instant) => Promise<SearchIndex>,
  { q, type, tag, owner, platform, ...request }: SearchRequest,
  now: Instant,
): Promise<FoundEntities> {
  const index = await search(now);
  const filters = { types: listOf(type), tags: listOf(tag), owners: listOf(owner), platforms: listOf(platform) };
  const { hits, ...page } = await index.search({ ...request, ...filters, text: q });
  return { items: hits.map(foundEntity), ...page, asOf: now };
}

function foundEntity({ document, cursor: _cursor, ...hit }: SearchHit): FoundEntity {
  const { id: _id, related: _related, ...shown } = document;
  return { ...shown, ...hit };
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',');
}
