import type { Instant } from '../../time.ts';
import { edgeId, isExpired, nextExpiry } from '../contribution.ts';
import type { Entity } from '../entities.ts';
import { recordOf } from '../entity-record.ts';
import type { EntityUri } from '../entity-ref.ts';
import { partsOfContributionId } from '../provider-contribution.ts';
import { documentOf, type NamedUri, type Relations, type SearchDocument } from './search-document.ts';
import type { SearchedEdge, SearchedStream, StoredStreams } from './searched-stream.ts';

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

/** Of streams stored before, if there are any, each is read when a document needs it. */
export function createSearchCorpus(stored?: StoredStreams): SearchCorpus {
  const streams = new Map<string, SearchedStream>();
  /** Streams that say something else than the stored ones, or nothing any more. */
  const replaced = new Set<string>();
  const descriptions = new Map<EntityUri, Map<string, Entity>>();
  const edges = new Map<EntityUri, Set<SearchedEdge>>();
  const names = new Map<EntityUri, string>();
  /** By stream, when the first of its overrides is to end. */
  const expiries = new Map<string, Instant>();
  /** Entities of which every stored description, every stored edge is in the maps. */
  const [described, related] = [new Set<EntityUri>(), new Set<EntityUri>()];
  const hasEdgesOf = (uri: EntityUri) => stored === undefined || related.has(uri);

  /** Always the same object for the same stream, for edges are told apart by theirs. */
  function present(stream: SearchedStream | undefined): SearchedStream | undefined {
    if (stream === undefined || replaced.has(stream.streamId)) return streams.get(stream?.streamId ?? '');
    return entryOf(streams, stream.streamId, () => stream);
  }

  function descriptionsOf(uri: EntityUri) {
    if (stored !== undefined && !described.has(uri)) {
      described.add(uri);
      for (const stream of stored.describing(uri)) {
        const said = present(stream)?.entities.filter((entity) => entity.uri === uri) ?? [];
        for (const entity of said) entryOf(descriptions, uri, newMap).set(stream.streamId, entity);
      }
    }
    return descriptions.get(uri);
  }

  function edgesOf(uri: EntityUri) {
    if (stored !== undefined && !related.has(uri)) {
      related.add(uri);
      for (const stream of stored.relating(uri)) {
        const said = present(stream)?.edges.filter(({ from, to }) => from === uri || to === uri) ?? [];
        for (const edge of said) entryOf(edges, uri, newSet).add(edge);
      }
    }
    return edges.get(uri);
  }

  const recordAt = (uri: EntityUri) =>
    recordOf(
      uri,
      [...(descriptionsOf(uri) ?? [])].map(([streamId, entity]) => ({
        provider: partsOfContributionId(streamId)?.provider ?? registry,
        entity,
      })),
    );
  const nameAt = (uri: EntityUri): string => entryOf(names, uri, () => recordAt(uri).name);
  const isMentioned = (uri: EntityUri) => descriptionsOf(uri) !== undefined || edgesOf(uri) !== undefined;

  function relationsOf(uri: EntityUri): Relations {
    const around = { owners: new Set<EntityUri>(), out: new Set<EntityUri>(), in: new Set<EntityUri>() };
    const owned = new Set<EntityUri>();
    for (const { from, type, to } of believed(edgesOf(uri))) {
      if (type === 'ownedBy' && from === uri) around.owners.add(to);
      else if (from === uri) around.out.add(to);
      else around.in.add(from);
      if (type === 'ownedBy' && to === uri) owned.add(from);
    }
    const owners = [...around.owners].sort().map((owner): NamedUri => ({ uri: owner, name: nameAt(owner) }));
    const near = [...firstOf(around.out), ...firstOf(around.in)].filter((other) => other !== uri);
    return { owners, related: [...new Set(near.map(nameAt))], owned: owned.size };
  }

  function awaitEnd({ streamId, edges: claims }: SearchedStream): void {
    const next = nextExpiry(claims);
    if (next === undefined) expiries.delete(streamId);
    else expiries.set(streamId, next);
  }
  for (const stream of stored?.expiring() ?? []) awaitEnd(stream);

  const saidBy = (streamId: string) => streams.get(streamId) ?? present(stored?.get(streamId));

  function put(stream: SearchedStream, previous: SearchedStream | undefined): void {
    for (const { uri } of previous?.entities ?? []) removeFrom(descriptions, uri, stream.streamId);
    for (const entity of stream.entities) entryOf(descriptions, entity.uri, newMap).set(stream.streamId, entity);
    // Edges of other ends are read when somebody asks for them, and then as they are by then.
    for (const edge of previous?.edges ?? []) for (const end of [edge.from, edge.to]) removeFrom(edges, end, edge);
    for (const edge of stream.edges)
      for (const end of [edge.from, edge.to]) if (hasEdgesOf(end)) entryOf(edges, end, newSet).add(edge);
    replaced.add(stream.streamId);
    if (stream.entities.length + stream.edges.length > 0) streams.set(stream.streamId, stream);
    else streams.delete(stream.streamId);
    awaitEnd(stream);
  }

  function* presentStreams(): Iterable<SearchedStream> {
    for (const stream of stored?.all() ?? [])
      if (!streams.has(stream.streamId) && !replaced.has(stream.streamId)) yield stream;
    yield* streams.values();
  }

  function replace(stream: SearchedStream): ReadonlySet<EntityUri> {
    const previous = saidBy(stream.streamId);
    const touched = new Set<EntityUri>();
    for (const edge of changedEdges(previous?.edges ?? [], stream.edges)) touched.add(edge.from).add(edge.to);
    for (const end of touched) edgesOf(end);
    const uris = new Set([...(previous?.entities ?? []), ...stream.entities].map(({ uri }) => uri));
    const namesBefore = new Map([...uris].map((uri) => [uri, nameAt(uri)]));
    put(stream, previous);
    for (const [uri, name] of namesBefore) {
      names.delete(uri);
      touched.add(uri);
      if (name === nameAt(uri)) continue;
      for (const { from, to } of edgesOf(uri) ?? []) touched.add(from === uri ? to : from);
    }
    return touched;
  }

  return {
    replace,
    endExpired(now) {
      const touched = new Set<EntityUri>();
      for (const [streamId] of [...expiries].filter(([, expiresAt]) => expiresAt <= now)) {
        const stream = saidBy(streamId);
        if (stream === undefined) continue;
        const left = stream.edges.filter((edge) => !isExpired(edge, now));
        for (const uri of replace({ ...stream, edges: left })) touched.add(uri);
      }
      return touched;
    },
    document: (uri) => (isMentioned(uri) ? documentOf(recordAt(uri), relationsOf(uri)) : undefined),
    uris: () => {
      const uris = new Set<EntityUri>();
      for (const { entities, edges: claims } of presentStreams()) {
        for (const { uri } of entities) uris.add(uri);
        for (const { from, to } of claims) uris.add(from).add(to);
      }
      return uris;
    },
    streams: presentStreams,
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
