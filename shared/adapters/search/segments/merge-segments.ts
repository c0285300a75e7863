import { type FacetName, facetNames } from '../../../domain/graph/search/search-facets.ts';
import { type Segment, sizeOf } from './segment.ts';
import { compareTexts, countOf, pickTexts } from './text-column.ts';
import { pickValues, type ValueColumn } from './value-column.ts';

/** A segment, and which of its documents are no more: 1 of those. */
export type Part = { readonly segment: Segment; readonly gone: Uint8Array };

/** What is left of two segments, as one. */
export function mergeSegments(a: Part, b: Part): Segment {
  const parts = [a, b];
  const picked = documentsOf(a, b);
  const { from, at } = picked;
  const columnOf = <T>(read: (segment: Segment) => T) => parts.map(({ segment }) => read(segment));
  const uris = pickTexts(
    columnOf((segment) => segment.uris),
    from,
    at,
  );
  const facets = Object.fromEntries(
    facetNames.map((name) => [
      name,
      pickValues(
        columnOf((segment) => segment.facets[name]),
        from,
        at,
      ),
    ]),
  ) as Record<FacetName, ValueColumn>;
  return {
    ...pickJson(parts, from, at),
    uris,
    byUri: byUriOf(a, b, picked.placeOf),
    names: pickTexts(
      columnOf((segment) => segment.names),
      from,
      at,
    ),
    squashedNames: pickTexts(
      columnOf((segment) => segment.squashedNames),
      from,
      at,
    ),
    states: Uint8Array.from(at, (i, k) => parts[from[k]!]!.segment.states[i]!),
    facets,
    ownerNames: ownerNamesOf(parts, facets.owner.values),
    ...mergePostings(a.segment, b.segment, picked.placeOf),
  };
}

/** Where document `at[k]` of part `from[k]` comes to stand, and by part the place `k` of each, -1 of those that are gone. */
type Picked = { readonly from: Uint8Array; readonly at: Uint32Array; readonly placeOf: readonly Int32Array[] };

function documentsOf(a: Part, b: Part): Picked {
  const [left, right] = [a.segment, b.segment];
  const count = [a, b].reduce((n, { gone }) => n + gone.length - gone.reduce((m, each) => m + each, 0), 0);
  const [from, at] = [new Uint8Array(count), new Uint32Array(count)];
  const placeOf = [new Int32Array(sizeOf(left)).fill(-1), new Int32Array(sizeOf(right)).fill(-1)];
  let [i, j, k] = [0, 0, 0];
  while (i < sizeOf(left) || j < sizeOf(right)) {
    if (i < sizeOf(left) && a.gone[i] === 1) i += 1;
    else if (j < sizeOf(right) && b.gone[j] === 1) j += 1;
    else {
      const isLeft = j === sizeOf(right) || (i < sizeOf(left) && comesFirst(left, i, right, j));
      from[k] = isLeft ? 0 : 1;
      at[k] = isLeft ? i : j;
      placeOf[isLeft ? 0 : 1]![isLeft ? i++ : j++] = k++;
    }
  }
  return { from, at, placeOf };
}

function comesFirst(a: Segment, i: number, b: Segment, j: number): boolean {
  return (compareTexts(a.names, i, b.names, j) || compareTexts(a.uris, i, b.uris, j)) < 0;
}

function pickJson(parts: readonly Part[], from: Uint8Array, at: Uint32Array): Pick<Segment, 'json' | 'jsonStarts'> {
  const jsonStarts = new Uint32Array(at.length + 1);
  const slices = Array.from(at, (i, k) => {
    const { json, jsonStarts: starts } = parts[from[k]!]!.segment;
    const slice = json.subarray(starts[i]!, starts[i + 1]!);
    jsonStarts[k + 1] = jsonStarts[k]! + slice.length;
    return slice;
  });
  return { json: Buffer.concat(slices), jsonStarts };
}

function byUriOf(a: Part, b: Part, placeOf: readonly Int32Array[]): Uint32Array {
  const [left, right] = [a.segment, b.segment];
  const merged: number[] = [];
  let [i, j] = [0, 0];
  while (i < sizeOf(left) || j < sizeOf(right)) {
    const isLeft =
      j === sizeOf(right) ||
      (i < sizeOf(left) && compareTexts(left.uris, left.byUri[i]!, right.uris, right.byUri[j]!) <= 0);
    const place = isLeft ? placeOf[0]![left.byUri[i++]!]! : placeOf[1]![right.byUri[j++]!]!;
    if (place >= 0) merged.push(place);
  }
  return Uint32Array.from(merged);
}

/** Of one that both name it is that of the latter, which is newer. */
function ownerNamesOf(parts: readonly Part[], owners: readonly string[]): readonly string[] {
  const names = new Map(
    parts.flatMap(({ segment }) => segment.facets.owner.values.map((uri, i) => [uri, segment.ownerNames[i]!])),
  );
  return owners.map((uri) => names.get(uri) ?? uri);
}

function mergePostings(a: Segment, b: Segment, placeOf: readonly Int32Array[]) {
  const most = a.postings.length + b.postings.length;
  const [postings, masks] = [new Uint32Array(most), new Uint8Array(most)];
  const [from, at, starts]: [number[], number[], number[]] = [[], [], [0]];
  let length = 0;
  const copy = (segment: Segment, term: number, places: Int32Array) => {
    const end = segment.postingStarts[term + 1]!;
    for (let k = segment.postingStarts[term]!; k < end; k += 1) {
      const place = places[segment.postings[k]!]!;
      if (place < 0) continue;
      postings[length] = place;
      masks[length++] = segment.masks[k]!;
    }
  };
  let [i, j] = [0, 0];
  const [ends, others] = [countOf(a.terms), countOf(b.terms)];
  while (i < ends || j < others) {
    const order = orderOf(a, i < ends ? i : undefined, b, j < others ? j : undefined);
    const before = length;
    if (order <= 0) copy(a, i, placeOf[0]!);
    if (order >= 0) copy(b, j, placeOf[1]!);
    if (length > before) {
      from.push(order <= 0 ? 0 : 1);
      at.push(order <= 0 ? i : j);
      starts.push(length);
    }
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return {
    terms: pickTexts([a.terms, b.terms], Uint8Array.from(from), Uint32Array.from(at)),
    postingStarts: Uint32Array.from(starts),
    postings: postings.slice(0, length),
    masks: masks.slice(0, length),
  };
}

function orderOf(a: Segment, i: number | undefined, b: Segment, j: number | undefined): number {
  if (i === undefined) return 1;
  return j === undefined ? -1 : compareTexts(a.terms, i, b.terms, j);
}
