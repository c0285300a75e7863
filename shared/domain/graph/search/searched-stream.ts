import type { Contribution, Edge, EdgeClaim } from '../contribution.ts';
import type { Entity } from '../entities.ts';
import type { EntityUri } from '../entity-ref.ts';

/** What search keeps of a contribution: edges that hold at present, and of attributes only whether there are some. */
export type SearchedStream = {
  readonly streamId: string;
  readonly entities: readonly Entity[];
  readonly edges: readonly SearchedEdge[];
};

/** With `suppresses` it says that the edge does not hold, whoever says so; an override may have an end to come. */
export type SearchedEdge = Pick<EdgeClaim, keyof Edge | 'suppresses' | 'expiresAt'>;

/** Streams as they were stored; those of a URI may be among others, which do not mention it. */
export interface StoredStreams {
  get(streamId: string): SearchedStream | undefined;
  /** Those that describe it. */
  describing(uri: EntityUri): Iterable<SearchedStream>;
  /** Those with an edge from or to it. */
  relating(uri: EntityUri): Iterable<SearchedStream>;
  /** Those with an override that is to end. */
  expiring(): Iterable<SearchedStream>;
  all(): Iterable<SearchedStream>;
}

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
