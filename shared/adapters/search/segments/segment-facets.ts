import { type FacetName, type Facets, facetNames, shownFacet } from '../../../domain/graph/search/search-facets.ts';
import type { Segment } from './segment.ts';

export type SegmentHits = { readonly segment: Segment; readonly hits: Uint32Array };

/** Counts over everything that was found. */
export function facetsOf(found: readonly SegmentHits[]): Facets {
  const labels = new Map(
    found.flatMap(({ segment }) => segment.facets.owner.values.map((uri, i) => [uri, segment.ownerNames[i] ?? uri])),
  );
  const facetOf = (name: FacetName) => shownFacet(countsOf(found, name), name === 'owner' ? labels : undefined);
  return Object.fromEntries(facetNames.map((name) => [name, facetOf(name)])) as Facets;
}

function countsOf(found: readonly SegmentHits[], name: FacetName): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { segment, hits } of found) {
    const { values, starts, ids } = segment.facets[name];
    const counted = new Uint32Array(values.length);
    for (const i of hits) for (let k = starts[i]!; k < starts[i + 1]!; k += 1) counted[ids[k]!]! += 1;
    for (const [id, value] of values.entries())
      if (counted[id]! > 0) counts.set(value, (counts.get(value) ?? 0) + counted[id]!);
  }
  return counts;
}
