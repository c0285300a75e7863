import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { highlightsOf } from '../../domain/graph/search/highlight.ts';
import { digestOf, type SearchDocument } from '../../domain/graph/search/search-document.ts';
import type { SearchFilters } from '../../domain/graph/search/search-filters.ts';
import { type Cursor, firstAfter, formatCursor, parseCursor } from '../../domain/graph/search/search-order.ts';
import { type Reach, reaches, type SearchQuery, searchQuery } from '../../domain/graph/search/search-query.ts';
import type { SavableSearchIndex, SearchHit } from '../../ports/search-index.ts';
import { documentAt, jsonAt, type Segment, segmentOf } from './segments/segment.ts';
import { facetsOf, type SegmentHits } from './segments/segment-facets.ts';
import { decodeSegment, encodeSegment } from './segments/segment-file.ts';
import { createFilter } from './segments/segment-filter.ts';
import { createSegmentList } from './segments/segment-list.ts';
import { matchSegment, namedFlag, type SegmentMatch } from './segments/segment-match.ts';
import { createSegmentScore, firstOfSegment, scoreByState } from './segments/segment-page.ts';

type Found = SegmentHits & { readonly match: SegmentMatch | undefined };

/** In this process's memory, of documents or of what an index `saved()`. */
export function createMemorySearchIndex(from: readonly SearchDocument[] | Uint8Array = []): SavableSearchIndex {
  const parts = createSegmentList(from instanceof Uint8Array ? decodeSegment(from) : segmentOf(from));

  function found(query: SearchQuery, reach: Reach, filters: SearchFilters): readonly Found[] {
    return parts.all().map(({ segment, gone }) => {
      const match = query.text === '' ? undefined : matchSegment(segment, query, reach);
      return { segment, match, hits: hitsOf(segment, gone, match, filters) };
    });
  }

  /** At the first reach that does; a next page goes on with that of the page before. */
  function ask(query: SearchQuery, filters: SearchFilters, cursor: Cursor | undefined) {
    const at = (reach: Reach) => ({ reach, parts: found(query, reach, filters) });
    if (query.text === '') return at(reaches[0]);
    if (cursor !== undefined) return at(cursor.reach);
    const written = at('written');
    // Words that stand somewhere else may still be a mistyped name.
    if (written.parts.some(isAnyNamed)) return written;
    const mistyped = at('mistyped');
    return countOf(mistyped.parts) > 0 ? mistyped : at('any');
  }

  return {
    async change(changed, forgotten) {
      for (const uri of forgotten) parts.forget(uri);
      const byUri = new Map(changed.map((document) => [document.uri, document]));
      parts.put([...byUri.values()].filter((document) => parts.json(document.uri) !== JSON.stringify(document)));
    },
    async search({ text, limit, cursor: before, ...filters }) {
      const question = JSON.stringify([text.trim(), filters]);
      const cursor = before === undefined ? undefined : parseCursor(question, before);
      const query = searchQuery(text);
      const { reach, parts: all } = ask(query, filters, cursor);
      // One more than is shown, when there is one.
      const page = { after: cursor?.position, count: limit + 1 };
      const first = all.flatMap(({ segment, hits, match }) => {
        const score = match ? createSegmentScore(segment, query, reach, match) : scoreByState(segment);
        return firstOfSegment(segment, hits, score, page);
      });
      const next = firstAfter(first, undefined, page.count);
      const shown = next.slice(0, limit).map(({ score, name, uri, segment, document: i }): SearchHit => {
        const document = documentAt(segment, i);
        const after = formatCursor(question, { reach, position: { score, name, uri } });
        return { document, score: Math.max(0, score), highlights: highlightsOf(document, query, reach), cursor: after };
      });
      const last = shown.at(-1);
      return {
        hits: shown,
        total: countOf(all),
        facets: facetsOf(all),
        ...(last !== undefined && next.length > limit && { cursor: last.cursor }),
      };
    },
    async digests() {
      const digests = new Map<EntityUri, string>();
      for (const [uri, segment, i] of parts.documents()) digests.set(uri, digestOf(jsonAt(segment, i)));
      return digests;
    },
    saved: () => encodeSegment(parts.merged()),
  };
}

function hitsOf(
  segment: Segment,
  gone: Uint8Array,
  match: SegmentMatch | undefined,
  filters: SearchFilters,
): Uint32Array {
  const isMeant = createFilter(segment, filters);
  const hits = new Uint32Array(gone.length);
  let count = 0;
  for (let i = 0; i < gone.length; i += 1)
    if (gone[i] === 0 && (match === undefined || match.flags[i] !== 0) && isMeant(i)) hits[count++] = i;
  return hits.subarray(0, count);
}

function isAnyNamed({ hits, match }: Found): boolean {
  return hits.some((i) => (match?.flags[i] ?? 0) & namedFlag);
}

function countOf(parts: readonly SegmentHits[]): number {
  return parts.reduce((n, { hits }) => n + hits.length, 0);
}
