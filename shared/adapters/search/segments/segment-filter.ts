import { parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import type { FacetName } from '../../../domain/graph/search/search-facets.ts';
import type { SearchFilters } from '../../../domain/graph/search/search-filters.ts';
import { normalized } from '../../../domain/graph/search/tokens.ts';
import { type Segment, states } from './segment.ts';

type IsMeant = (document: number) => boolean;

const tombstone = states.indexOf('tombstone');

export function createFilter(segment: Segment, filters: SearchFilters): IsMeant {
  const { types, tags, owners, platforms, tombstones, mayRead } = filters;
  const ownerNames = owners?.map(normalized);
  const isOwner = (uri: string, i: number) =>
    owners?.includes(uri) === true || ownerNames?.includes(normalized(segment.ownerNames[i] ?? uri)) === true;
  const rules: readonly (IsMeant | undefined)[] = [
    tombstones === 'included' ? undefined : (i) => segment.states[i] !== tombstone,
    types && anyOf(segment, 'type', (type) => types.includes(type)),
    platforms && anyOf(segment, 'platform', (platform) => platforms.includes(platform)),
    owners && anyOf(segment, 'owner', isOwner),
    mayRead && readableBy(segment, mayRead),
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

/** What one of its teams lets read; each team is asked about once. */
function readableBy({ facets }: Segment, mayRead: NonNullable<SearchFilters['mayRead']>): IsMeant {
  const { values, starts, ids } = facets.owner;
  const [noTeam, hidden, readable] = [0, 1, 2];
  const judged = Uint8Array.from(values, (uri) => {
    const { type, id } = parseEntityRef(uri);
    if (type !== 'team') return noTeam;
    return mayRead(id) ? readable : hidden;
  });
  const isOthersReadable = mayRead(undefined);
  return (i) => {
    let best = noTeam;
    for (let k = starts[i]!; k < starts[i + 1]!; k += 1) best = Math.max(best, judged[ids[k]!]!);
    return best === noTeam ? isOthersReadable : best === readable;
  };
}
