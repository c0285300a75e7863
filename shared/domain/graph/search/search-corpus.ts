import type { Instant } from '../../time.ts';
import { type Contribution, type Edge, type EdgeClaim, edgeId, isExpired, nextExpiry } from '../contribution.ts';
import type { Entity } from '../entities.ts';
import { recordOf } from '../entity-record.ts';
import type { EntityUri } from '../entity-ref.ts';
import { partsOfContributionId } from '../provider-contribution.ts';
import { documentOf, type NamedUri, type Relations, type SearchDocument } from './search-document.ts';

/** What search keeps of a contribution: edges that hold at present, and of attributes only whether there are some. */
export type SearchedStream = {
  readonly streamId: string;
  readonly entities: readonly Entity[];
  readonly edges: readonly SearchedEdge[];
};

/** With `suppresses` it says that the edge does not hold, whoever says so; an override may have an end to come. */
export type SearchedEdge = Pick<EdgeClaim, keyof Edge | 'suppresses' | 'expiresAt'>;

/**
 * Everything that documents are made of, so that a change of one contribution says exactly which documents it changes:
 * those of its entities, of both ends of edges that came or went, and of the neighbours of what got another name.
 */
export interface SearchCorpus {
  /** Puts a contribution in place of what the stream said before; gives the URIs whose documents may be others now. */
  replace(stream: SearchedStream): ReadonlySet<EntityUri>;
  /** Forgets overrides that were to end at or before `now`; gives the URIs whose documents may be others now. */
  endExpired(now: Instant): ReadonlySet<EntityUri>;
  /** Undefined of what nobody describes and no present edge mentions. */
  document(uri: EntityUri): SearchDocument | undefined;
  uris(): Iterable<EntityUri>;
  streams(): Iterable<SearchedStream>;
}

/** Names of neighbours in one direction; a library that thousands depend on is not found by all of their names. */
const maximumRelated = 50;
const registry = 'registry';

export function searchedStream(streamId: string, { entities, claims }: Contribution): SearchedStream {
  return {
    streamId,
    entities: entities.map(searchedEntity),
    edges: claims.filter(({ validTo }) => validTo === undefined).map(searchedEdge),
  };
}

function searchedEdge({ from, type, to, suppresses, expiresAt }: EdgeClaim): SearchedEdge {
  return { from, type, to, ...(suppresses && { suppresses }), ...(expiresAt !== undefined && { expiresAt }) };
}

function searchedEntity({ attributes, hydratedAt: _hydratedAt, ...entity }: Entity): Entity {
  if (attributes === undefined) return entity;
  const { description } = attributes;
  return { ...entity, attributes: description === undefined ? {} : { description } };
}

export function createSearchCorpus(): SearchCorpus {
  const streams = new Map<string, SearchedStream>();
  const descriptions = new Map<EntityUri, Map<string, Entity>>();
  const edges = new Map<EntityUri, Set<SearchedEdge>>();
  const names = new Map<EntityUri, string>();
  /** By stream, when the first of its overrides is to end. */
  const expiries = new Map<string, Instant>();

  const recordAt = (uri: EntityUri) =>
    recordOf(
      uri,
      [...(descriptions.get(uri) ?? [])].map(([streamId, entity]) => ({
        provider: partsOfContributionId(streamId)?.provider ?? registry,
        entity,
      })),
    );
  const nameAt = (uri: EntityUri): string => {
    const known = names.get(uri) ?? recordAt(uri).name;
    names.set(uri, known);
    return known;
  };
  const isMentioned = (uri: EntityUri) => descriptions.has(uri) || edges.has(uri);

  function relationsOf(uri: EntityUri): Relations {
    const around = { owners: new Set<EntityUri>(), out: new Set<EntityUri>(), in: new Set<EntityUri>() };
    const owned = new Set<EntityUri>();
    for (const { from, type, to } of believed(edges.get(uri))) {
      if (type === 'ownedBy' && from === uri) around.owners.add(to);
      else if (from === uri) around.out.add(to);
      else around.in.add(from);
      if (type === 'ownedBy' && to === uri) owned.add(from);
    }
    const owners = [...around.owners].sort().map((owner): NamedUri => ({ uri: owner, name: nameAt(owner) }));
    const near = [...firstOf(around.out), ...firstOf(around.in)].filter((other) => other !== uri);
    return { owners, related: [...new Set(near.map(nameAt))], owned: owned.size };
  }

  function renamed(uri: EntityUri, previous: string | undefined): readonly EntityUri[] {
    if (previous === undefined || previous === nameAt(uri)) return [];
    return [...(edges.get(uri) ?? [])].map(({ from, to }) => (from === uri ? to : from));
  }

  function replace(stream: SearchedStream): ReadonlySet<EntityUri> {
    const previous = streams.get(stream.streamId);
    const touched = new Set<EntityUri>();
    const described = new Set([...(previous?.entities ?? []), ...stream.entities].map(({ uri }) => uri));
    const namesBefore = new Map([...described].map((uri) => [uri, names.get(uri)]));
    for (const { uri } of previous?.entities ?? []) removeFrom(descriptions, uri, stream.streamId);
    for (const entity of stream.entities) entryOf(descriptions, entity.uri, newMap).set(stream.streamId, entity);
    for (const edge of changedEdges(previous?.edges ?? [], stream.edges)) touched.add(edge.from).add(edge.to);
    for (const edge of previous?.edges ?? []) for (const end of [edge.from, edge.to]) removeFrom(edges, end, edge);
    for (const edge of stream.edges) for (const end of [edge.from, edge.to]) entryOf(edges, end, newSet).add(edge);
    if (stream.entities.length + stream.edges.length > 0) streams.set(stream.streamId, stream);
    else streams.delete(stream.streamId);
    for (const [uri, name] of namesBefore) {
      names.delete(uri);
      touched.add(uri);
      for (const neighbour of renamed(uri, name)) touched.add(neighbour);
    }
    const next = nextExpiry(stream.edges);
    if (next === undefined) expiries.delete(stream.streamId);
    else expiries.set(stream.streamId, next);
    return touched;
  }

  return {
    replace,
    endExpired(now) {
      const touched = new Set<EntityUri>();
      for (const [streamId, next] of [...expiries]) {
        const stream = streams.get(streamId);
        if (next > now || stream === undefined) continue;
        const edges = stream.edges.filter((edge) => !isExpired(edge, now));
        for (const uri of replace({ ...stream, edges })) touched.add(uri);
      }
      return touched;
    },
    document: (uri) => (isMentioned(uri) ? documentOf(recordAt(uri), relationsOf(uri)) : undefined),
    uris: () => new Set([...descriptions.keys(), ...edges.keys()]),
    streams: () => streams.values(),
  };
}

function believed(edges: ReadonlySet<SearchedEdge> = new Set()): Iterable<SearchedEdge> {
  const suppressed = new Set([...edges].filter(({ suppresses }) => suppresses === true).map(edgeId));
  return suppressed.size === 0 ? edges : [...edges].filter((edge) => !suppressed.has(edgeId(edge)));
}

function changedEdges(before: readonly SearchedEdge[], after: readonly SearchedEdge[]): readonly SearchedEdge[] {
  const keyOf = (edge: SearchedEdge) => `${edge.suppresses === true} ${edgeId(edge)}`;
  const old = new Set(before.map(keyOf));
  const added = after.filter((edge) => !old.delete(keyOf(edge)));
  return [...added, ...before.filter((edge) => old.has(keyOf(edge)))];
}

/** The smallest, in order; of a hub without ordering all. */
function firstOf(uris: ReadonlySet<EntityUri>): readonly EntityUri[] {
  if (uris.size <= maximumRelated) return [...uris].sort();
  const first: EntityUri[] = [];
  for (const uri of uris) {
    const last = first.at(-1);
    if (first.length === maximumRelated && last !== undefined && uri >= last) continue;
    const place = first.findIndex((each) => each > uri);
    first.splice(place < 0 ? first.length : place, 0, uri);
    first.length = Math.min(first.length, maximumRelated);
  }
  return first;
}

const newMap = () => new Map<string, Entity>();
const newSet = () => new Set<SearchedEdge>();

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Leaves no empty entry, for an entry says that there is something of the key. */
function removeFrom<T>(
  map: Map<string, { delete(item: T): boolean; readonly size: number }>,
  key: string,
  item: T,
): void {
  const entry = map.get(key);
  entry?.delete(item);
  if (entry?.size === 0) map.delete(key);
}
