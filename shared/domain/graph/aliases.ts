import type { Instant } from '../time.ts';
import type { Adjacency } from './adjacency.ts';
import { holdsAt } from './contribution.ts';
import type { EntityUri } from './entity-ref.ts';

type Graph = Pick<Adjacency, 'claimsFrom' | 'claimsTo'>;

/** The canonical name that `uri` is another one of; itself when it is none. Of several the first by URI. */
export function canonicalUri(graph: Graph, uri: EntityUri, asOf: Instant | undefined): EntityUri {
  const seen = new Set<EntityUri>();
  let at = uri;
  // Names that are each other's have no canonical one: then the first of them stands for all.
  while (!seen.has(at)) {
    seen.add(at);
    const [next] = namesIn(graph.claimsFrom(at), asOf, 'to');
    if (next === undefined) return at;
    at = next;
  }
  return [...seen].toSorted()[0] ?? uri;
}

/** Every other name of a canonical one, those of its names included; sorted. */
export function aliasesOf(graph: Graph, canonical: EntityUri, asOf: Instant | undefined): readonly EntityUri[] {
  const names = new Set([canonical]);
  // A set gives what is added while it is read, too.
  for (const name of names) for (const alias of namesIn(graph.claimsTo(name), asOf, 'from')) names.add(alias);
  names.delete(canonical);
  return [...names].toSorted();
}

function namesIn(claims: ReturnType<Graph['claimsTo']>, asOf: Instant | undefined, end: 'from' | 'to') {
  const names: EntityUri[] = [];
  for (const claim of claims) if (claim.type === 'aliasOf' && holdsAt(claim, asOf)) names.push(claim[end]);
  return names.length > 1 ? names.toSorted() : names;
}
