import { notFound } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { canonicalUri } from '../../domain/graph/aliases.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { Instant } from '../../domain/time.ts';

export type Found = {
  /** The canonical one. */
  readonly uri: EntityUri;
  /** What was asked for, when that is another name. */
  readonly requested?: EntityUri;
};

/**
 * The entity, by its canonical name. Who is mentioned is known, even when nobody has described it. Throws `NotFound`
 * (code `unknown-entity`).
 */
export function findEntity(graph: Adjacency, requested: EntityUri, asOf: Instant | undefined): Found {
  const uri = canonicalUri(graph, requested, asOf);
  if (!isKnown(graph, requested) && !isKnown(graph, uri)) throw notFound('entity', requested);
  return uri === requested ? { uri } : { uri, requested };
}

/** Whether anybody describes or mentions it. */
export function isKnown(graph: Adjacency, uri: EntityUri): boolean {
  return graph.descriptions(uri).length > 0 || !isEmpty(graph.claimsFrom(uri)) || !isEmpty(graph.claimsTo(uri));
}

function isEmpty(items: Iterable<unknown>): boolean {
  return items[Symbol.iterator]().next().done === true;
}
