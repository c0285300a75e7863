import type { SearchDocument } from './search-document.ts';

export type Facet = {
  readonly value: string;
  /** How people read it, where the value is a URI. */
  readonly label?: string;
  /** Of everything that was found, on all pages. */
  readonly count: number;
};

export type Facets = {
  readonly type: readonly Facet[];
  readonly tag: readonly Facet[];
  readonly owner: readonly Facet[];
  readonly platform: readonly Facet[];
};

/** Values that are shown of a facet, the most frequent ones. */
const shownValues = 100;

export function facetsOf(documents: Iterable<SearchDocument>): Facets {
  const counts = { type: counter(), tag: counter(), owner: counter(), platform: counter() };
  const labels = new Map<string, string>();
  for (const { type, tags, owners, platform } of documents) {
    add(counts.type, type);
    add(counts.platform, platform);
    for (const tag of tags) add(counts.tag, tag);
    for (const { uri, name } of owners) {
      add(counts.owner, uri);
      labels.set(uri, name);
    }
  }
  const owner = shown(counts.owner).map((facet) => ({ ...facet, label: labels.get(facet.value) ?? facet.value }));
  return { type: shown(counts.type), tag: shown(counts.tag), owner, platform: shown(counts.platform) };
}

const counter = () => new Map<string, number>();

function add(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function shown(counts: ReadonlyMap<string, number>): readonly Facet[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, shownValues);
}
