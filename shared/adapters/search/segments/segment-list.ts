import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import type { SearchDocument } from '../../../domain/graph/search/search-document.ts';
import { mergeSegments, type Part } from './merge-segments.ts';
import { indexOfUri, jsonAt, type Segment, segmentOf, sizeOf } from './segment.ts';
import { textAt } from './text-column.ts';

type Counted = Part & { left: number };

/**
 * Segments that each have more than twice the documents of the next: what changes is written as a small one, and merged
 * with those that are not much larger, so that a document is written again as often as the logarithm of their number
 * (log-structured merge, O'Neil et al. 1996).
 */
export function createSegmentList(first: Segment) {
  const parts: Counted[] = [partOf(first)];

  function placeOf(uri: EntityUri): { readonly part: Counted; readonly i: number } | undefined {
    for (const part of parts) {
      const i = indexOfUri(part.segment, uri);
      if (i !== undefined && part.gone[i] === 0) return { part, i };
    }
    return undefined;
  }

  function forget(uri: EntityUri): void {
    const place = placeOf(uri);
    if (place === undefined) return;
    place.part.gone[place.i] = 1;
    place.part.left -= 1;
  }

  function mergeLast(): void {
    const [a, b] = parts.splice(-2);
    if (a !== undefined && b !== undefined) parts.push(partOf(mergeSegments(a, b)));
  }

  const isCrowded = () => parts.length > 1 && parts.at(-2)!.left <= 2 * parts.at(-1)!.left;
  const isHollow = () => parts[0]!.left * 2 < sizeOf(parts[0]!.segment);

  return {
    all: (): readonly Part[] => parts,
    forget,
    put(documents: readonly SearchDocument[]): void {
      for (const { uri } of documents) forget(uri);
      if (documents.length > 0) parts.push(partOf(segmentOf(documents)));
      while (isCrowded() || (parts.length > 1 && isHollow())) mergeLast();
    },
    /** Of the document of that URI. */
    json(uri: EntityUri): string | undefined {
      const place = placeOf(uri);
      return place && jsonAt(place.part.segment, place.i);
    },
    *documents(): Iterable<readonly [EntityUri, Segment, number]> {
      for (const { segment, gone } of parts)
        for (let i = 0; i < gone.length; i += 1) if (gone[i] === 0) yield [textAt(segment.uris, i), segment, i];
    },
    /** All that is left as one segment. */
    merged(): Segment {
      if (parts.length === 1 && parts[0]!.left < sizeOf(parts[0]!.segment)) parts.push(partOf(segmentOf([])));
      while (parts.length > 1) mergeLast();
      return parts[0]!.segment;
    },
  };
}

function partOf(segment: Segment): Counted {
  return { segment, gone: new Uint8Array(sizeOf(segment)), left: sizeOf(segment) };
}
