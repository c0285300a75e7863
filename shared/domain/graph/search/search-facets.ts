export type Facet = {
  readonly value: string;
  /** How people read it, where the value is a URI. */
  readonly label?: string;
  /** Of everything that was found, on all pages. */
  readonly count: number;
};

/** What is counted of documents, by value; of a document that has several values each. */
export const facetNames = ['type', 'tag', 'owner', 'platform'] as const;
export type FacetName = (typeof facetNames)[number];
export type Facets = Readonly<Record<FacetName, readonly Facet[]>>;

/** Values that are shown of a facet, the most frequent ones. */
const shownValues = 100;

export function shownFacet(
  counts: ReadonlyMap<string, number>,
  labels?: ReadonlyMap<string, string>,
): readonly Facet[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, shownValues)
    .map((facet) => (labels === undefined ? facet : { ...facet, label: labels.get(facet.value) ?? facet.value }));
}
