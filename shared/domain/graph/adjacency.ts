import type { Contribution, EdgeClaim } from './contribution.ts';
import type { Entity } from './entities.ts';
import type { Described } from './entity-record.ts';
import type { EntityUri } from './entity-ref.ts';
import { partsOfContributionId } from './provider-contribution.ts';

/** Everything that is said, in memory, both ways. */
export interface Adjacency {
  /** Puts what a stream says in place of what it said before. */
  replace(streamId: string, contribution: Contribution): void;
  /** Who describes the entity, and how; empty of what is only mentioned. */
  descriptions(uri: EntityUri): readonly Described[];
  /** Every URI that is described or mentioned, ended claims included, in no order. */
  uris(): Iterable<EntityUri>;
  /** Claims of every type that begin at the entity, ended ones too. */
  claimsFrom(uri: EntityUri): Iterable<EdgeClaim>;
  claimsTo(uri: EntityUri): Iterable<EdgeClaim>;
}

const registry = 'registry';

export function createAdjacency(): Adjacency {
  const contributions = new Map<string, Contribution>();
  const entities = new Map<EntityUri, Map<string, Entity>>();
  const from = new Map<EntityUri, Set<EdgeClaim>>();
  const to = new Map<EntityUri, Set<EdgeClaim>>();
  return {
    replace(streamId, contribution) {
      const previous = contributions.get(streamId);
      for (const claim of previous?.claims ?? []) {
        from.get(claim.from)?.delete(claim);
        to.get(claim.to)?.delete(claim);
      }
      for (const { uri } of previous?.entities ?? []) entities.get(uri)?.delete(streamId);
      for (const claim of contribution.claims) {
        entryOf(from, claim.from, newSet).add(claim);
        entryOf(to, claim.to, newSet).add(claim);
      }
      for (const entity of contribution.entities) entryOf(entities, entity.uri, newMap).set(streamId, entity);
      contributions.set(streamId, contribution);
    },
    descriptions: (uri) =>
      [...(entities.get(uri) ?? [])].map(([streamId, entity]) => ({
        provider: partsOfContributionId(streamId)?.provider ?? registry,
        entity,
      })),
    uris: () => new Set([...entities.keys(), ...from.keys(), ...to.keys()]),
    claimsFrom: (uri) => from.get(uri) ?? [],
    claimsTo: (uri) => to.get(uri) ?? [],
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
