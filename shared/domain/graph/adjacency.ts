import type { Contribution, EdgeClaim } from './contribution.ts';
import type { Entity } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';
import { edgeTypes } from './entity-types.ts';

type Claims = ReadonlySet<EdgeClaim>;

/** Dependencies in memory, both ways. */
export interface Adjacency {
  /** Puts what a stream says in place of what it said before. */
  replace(streamId: string, contribution: Contribution): void;
  entity(uri: EntityUri): Entity | undefined;
  /** Claims of dependencies that begin at the entity, ended ones too. */
  claimsFrom(uri: EntityUri): Claims;
  claimsTo(uri: EntityUri): Claims;
}

const none: Claims = new Set();

export function createAdjacency(): Adjacency {
  const contributions = new Map<string, Contribution>();
  const entities = new Map<EntityUri, Entity>();
  const from = new Map<EntityUri, Set<EdgeClaim>>();
  const to = new Map<EntityUri, Set<EdgeClaim>>();
  return {
    replace(streamId, contribution) {
      for (const claim of contributions.get(streamId)?.claims ?? []) {
        from.get(claim.from)?.delete(claim);
        to.get(claim.to)?.delete(claim);
      }
      for (const claim of contribution.claims) {
        if (!edgeTypes[claim.type].isDependency) continue;
        setOf(from, claim.from).add(claim);
        setOf(to, claim.to).add(claim);
      }
      // Only one stream knows an entity's attributes; what its URI says may come from any.
      for (const entity of contribution.entities)
        if (entity.attributes !== undefined || !entities.has(entity.uri)) entities.set(entity.uri, entity);
      contributions.set(streamId, contribution);
    },
    entity: (uri) => entities.get(uri),
    claimsFrom: (uri) => from.get(uri) ?? none,
    claimsTo: (uri) => to.get(uri) ?? none,
  };
}

function setOf(sets: Map<EntityUri, Set<EdgeClaim>>, uri: EntityUri): Set<EdgeClaim> {
  const known = sets.get(uri);
  if (known !== undefined) return known;
  const made = new Set<EdgeClaim>();
  sets.set(uri, made);
  return made;
}
