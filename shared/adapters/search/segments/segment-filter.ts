import type { FacetName } from '../../../domain/graph/search/search-facets.ts';
import type { SearchFilters } from '../../../domain/graph/search/search-filters.ts';
import { normalized } from '../../../domain/graph/search/tokens.ts';
import { type Segment, states } from './segment.ts';

type IsMeant = (document: number) => boolean;

const tombstone = states.indexOf('tombstone');

export function createFilter(segment: Segment, filters: SearchFilters): IsMeant {
  const { types, tags, owners, platforms, tombstones } = filters;
  const ownerNames = owners?.map(normalized);
  const isOwner = (uri: string, i: number) =>
    owners?.includes(uri) === true || ownerNames?.includes(normalized(segment.ownerNames[i] ?? uri)) === true;
  const rules: readonly (IsMeant | undefined)[] = [
    tombstones === 'included' ? undefined : (i) => segment.states[i] !== tombstone,
    types && anyOf(segment, 'type', (type) => types.includes(type)),
    platforms && anyOf(segment, 'platform', (platform) => platforms.includes(platform)),
    owners && anyOf(segment, 'owner', isOwner),
    ...(tags?.map((tag) => anyOf(segment, 'tag', (each) => each === tag)) ?? []),
  ];
  const given = rules.filter((rule) => rule !== undefined);
  return (i) => given.every((rule) => rule(i));
}

/** Whether one of its values is meant; each value is judged once. */
function anyOf({ facets }: Segment, name: FacetName, isMeant: (value: string, id: number) => boolean): IsMeant {
  const { values, starts, ids } = facets[name];
  const meant = Uint8Array.from(values, (value, id) => Number(isMeant(value, id)));
  return (i) => {
    for (let k = starts[i]!; k < starts[i + 1]!; k += 1) if (meant[ids[k]!] === 1) return true;
    return false;
  };
}
