import type { FacetRegisters } from './lineage-state.ts';
import type { FacetName, Facets } from './read-facet.ts';

/** The facet's latest value; undefined when it was never said, or taken back. */
export function facetOf<N extends FacetName>(facets: FacetRegisters, name: N): Facets[N] | undefined {
  const value = facets.find(([each]) => each === name)?.[1].value;
  // A register of this name holds what `readFacet` made of this facet.
  return value === null ? undefined : (value as Facets[N] | undefined);
}
