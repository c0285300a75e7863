import type { Contribution, EdgeClaim } from './contribution.ts';
import type { Entity } from './entities.ts';
import type { Described } from './entity-record.ts';
import type { EntityUri } from './entity-ref.ts';
import { partsOfContributionId } from './provider-contribution.ts';
import { withoutSuppressed } from './suppress-edges.ts';

/** Everything that is said, in memory, both ways. */
export interface Adjacency {
  /** Puts what a stream says in place of what it said before. */
  replace(streamId: string, contribution: Contribution): void;
  /** Who describes the entity, and how; empty of what is only mentioned. */
  descriptions(uri: EntityUri): readonly Described[];
  /** Every URI that is described or mentioned, ended claims included, in no order. */
  uris(): Iterable<EntityUri>;
  /** Claims of every type that begin at the entity, ended ones too; suppressed ones while they were not suppressed. */
  claimsFrom(uri: EntityUri): Iterable<EdgeClaim>;
  claimsTo(uri: EntityUri): Iterable<EdgeClaim>;
  /** The same as they were said, suppressed ones and those that suppress them too. */
  saidFrom(uri: EntityUri): Iterable<EdgeClaim>;
  saidTo(uri: EntityUri): Iterable<EdgeClaim>;
}

const registry = 'registry';

export function createAdjacency(): Adjacency {
  const contributions = new Map<string, Contribution>();
  const entities = new Map<EntityUri, Map<string, Entity>>();
  const from = new Map<EntityUri, Set<EdgeClaim>>();
  const to = new Map<EntityUri, Set<EdgeClaim>>();
  /** By the URI at either end. */
  const suppressions = new Map<EntityUri, Set<EdgeClaim>>();
  const setsOf = (claim: EdgeClaim): readonly Set<EdgeClaim>[] =>
    claim.suppresses === undefined
      ? [entryOf(from, claim.from, newSet), entryOf(to, claim.to, newSet)]
      : [entryOf(suppressions, claim.from, newSet), entryOf(suppressions, claim.to, newSet)];
  const believed = (claims: Iterable<EdgeClaim> = [], uri: EntityUri) =>
    withoutSuppressed(claims, suppressions.get(uri) ?? []);
  const suppressing = (uri: EntityUri, end: 'from' | 'to') =>
    [...(suppressions.get(uri) ?? [])].filter((claim) => claim[end] === uri);
  return {
    replace(streamId, contribution) {
      const previous = contributions.get(streamId);
      for (const claim of previous?.claims ?? []) for (const claims of setsOf(claim)) claims.delete(claim);
      for (const { uri } of previous?.entities ?? []) entities.get(uri)?.delete(streamId);
      for (const claim of contribution.claims) for (const claims of setsOf(claim)) claims.add(claim);
      for (const entity of contribution.entities) entryOf(entities, entity.uri, newMap).set(streamId, entity);
      contributions.set(streamId, contribution);
    },
    descriptions: (uri) =>
      [...(entities.get(uri) ?? [])].map(([streamId, entity]) => ({
        provider: partsOfContributionId(streamId)?.provider ?? registry,
        entity,
      })),
    uris: () => {
      const said = [entities, from, to].flatMap((map) => [...map].filter(([, { size }]) => size > 0));
      return new Set(said.map(([uri]) => uri));
    },
    claimsFrom: (uri) => believed(from.get(uri), uri),
    claimsTo: (uri) => believed(to.get(uri), uri),
    saidFrom: (uri) => [...(from.get(uri) ?? []), ...suppressing(uri, 'from')],
    saidTo: (uri) => [...(to.get(uri) ?? []), ...suppressing(uri, 'to')],
  };
}

const newSet = () => new Set<EdgeClaim>();
const newMap = () => new Map<string, Entity>();

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
