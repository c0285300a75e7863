import type { RecordState } from '../../../domain/graph/entity-record.ts';
import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { documentTerms } from '../../../domain/graph/search/document-terms.ts';
import type { SearchDocument } from '../../../domain/graph/search/search-document.ts';
import type { FacetName } from '../../../domain/graph/search/search-facets.ts';
import { comparedName } from '../../../domain/graph/search/search-score.ts';
import { normalized, squashed, termsOf } from '../../../domain/graph/search/tokens.ts';
import { countBelow, type TextColumn, textAt, textColumn } from './text-column.ts';
import { type ValueColumn, valueColumn } from './value-column.ts';

/**
 * Documents and what they are found by, never changed after it is made. They stand in the order in which equal scores are
 * shown, by name and URI, so that their numbers compare as they do. All of it is columns of numbers, which take no time
 * to load; a document is made into an object when it is shown.
 */
export type Segment = {
  /** JSON of each document. */
  readonly json: Uint8Array;
  readonly jsonStarts: Uint32Array;
  readonly uris: TextColumn;
  /** Documents in the order of their URIs. */
  readonly byUri: Uint32Array;
  /** By which they are ordered, see `sortNameOf`. */
  readonly names: TextColumn;
  readonly squashedNames: TextColumn;
  /** Numbers of `states`. */
  readonly states: Uint8Array;
  readonly facets: Readonly<Record<FacetName, ValueColumn>>;
  /** Of the values of the facet `owner`. */
  readonly ownerNames: readonly string[];
  /** In order. The documents of term `i` are `postings[postingStarts[i]]` to before `postings[postingStarts[i + 1]]`. */
  readonly terms: TextColumn;
  readonly postingStarts: Uint32Array;
  readonly postings: Uint32Array;
  /** Where in the document the term stands, see `FieldMask`. */
  readonly masks: Uint8Array;
};

export const states: readonly RecordState[] = ['placeholder', 'hydrated', 'enriched', 'tombstone'];

/** Characters by which names are ordered; they are part of cursors. */
const orderedName = 100;

export function sortNameOf({ name }: Pick<SearchDocument, 'name'>): string {
  return normalized(name).slice(0, orderedName);
}

export function segmentOf(documents: readonly SearchDocument[]): Segment {
  const sorted = documents
    .map((document) => ({ document, sortName: sortNameOf(document) }))
    .sort((a, b) => compare(a.sortName, b.sortName) || compare(a.document.uri, b.document.uri));
  const inOrder = sorted.map(({ document }) => document);
  const owners = new Map(inOrder.flatMap((document) => document.owners.map(({ uri, name }) => [uri, name])));
  const owner = valueColumn(inOrder.map((document) => document.owners.map(({ uri }) => uri)));
  return {
    ...jsonOf(inOrder),
    uris: textColumn(inOrder.map(({ uri }) => uri)),
    byUri: Uint32Array.from(
      [...inOrder.entries()].sort(([, a], [, b]) => compare(a.uri, b.uri)),
      ([i]) => i,
    ),
    names: textColumn(sorted.map(({ sortName }) => sortName)),
    squashedNames: textColumn(inOrder.map(({ name }) => squashed(name).slice(0, comparedName))),
    states: Uint8Array.from(inOrder, ({ state }) => states.indexOf(state)),
    facets: {
      type: valueColumn(inOrder.map(({ type }) => [type])),
      tag: valueColumn(inOrder.map(({ tags }) => tags)),
      owner,
      platform: valueColumn(inOrder.map(({ platform }) => [platform])),
    },
    ownerNames: owner.values.map((uri) => owners.get(uri) ?? uri),
    ...postingsOf(inOrder),
  };
}

export function sizeOf({ states: all }: Segment): number {
  return all.length;
}

export function jsonAt({ json, jsonStarts }: Segment, i: number): string {
  const { buffer, byteOffset } = json;
  return Buffer.from(buffer, byteOffset + jsonStarts[i]!, jsonStarts[i + 1]! - jsonStarts[i]!).toString();
}

export function documentAt(segment: Segment, i: number): SearchDocument {
  // Written by `segmentOf`.
  return JSON.parse(jsonAt(segment, i)) as SearchDocument;
}

export function indexOfUri({ uris, byUri }: Segment, uri: EntityUri): number | undefined {
  const i = byUri[countBelow(uris, uri, byUri)];
  return i !== undefined && textAt(uris, i) === uri ? i : undefined;
}

function jsonOf(documents: readonly SearchDocument[]): Pick<Segment, 'json' | 'jsonStarts'> {
  const parts = documents.map((document) => Buffer.from(JSON.stringify(document)));
  const jsonStarts = new Uint32Array(parts.length + 1);
  for (const [i, { length }] of parts.entries()) jsonStarts[i + 1] = jsonStarts[i]! + length;
  return { json: Buffer.concat(parts), jsonStarts };
}

function postingsOf(documents: readonly SearchDocument[]) {
  const found = new Map<string, { readonly documents: number[]; readonly masks: number[] }>();
  const termsIn = remembered(termsOf);
  for (const [i, document] of documents.entries())
    for (const [term, mask] of documentTerms(document, termsIn)) {
      const known = found.get(term);
      if (known === undefined) found.set(term, { documents: [i], masks: [mask] });
      else {
        known.documents.push(i);
        known.masks.push(mask);
      }
    }
  const terms = [...found.keys()].sort();
  const lists = terms.map((term) => found.get(term)!);
  const postingStarts = new Uint32Array(terms.length + 1);
  for (const [i, list] of lists.entries()) postingStarts[i + 1] = postingStarts[i]! + list.documents.length;
  const postings = new Uint32Array(postingStarts[terms.length]!);
  const masks = new Uint8Array(postings.length);
  for (const [i, list] of lists.entries()) {
    postings.set(list.documents, postingStarts[i]!);
    masks.set(list.masks, postingStarts[i]!);
  }
  return { terms: textColumn(terms), postingStarts, postings, masks };
}

/** The same names and tags stand in many documents. */
function remembered<T>(of: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = of(text);
    results.set(text, result);
    return result;
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
