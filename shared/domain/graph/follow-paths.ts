import type { Instant } from '../time.ts';
import type { Adjacency } from './adjacency.ts';
import { aliasesOf, canonicalUri } from './aliases.ts';
import { holdsAt } from './contribution.ts';
import { type EntityUri, parseEntityRef } from './entity-ref.ts';
import type { Path, RelationField, Step } from './relation-paths.ts';

export type Following = {
  readonly graph: Adjacency;
  /** @default the present */
  readonly asOf?: Instant | undefined;
  /** Whether the caller may see it; what it may not see is not passed through either. */
  readonly isVisible: (uri: EntityUri) => boolean;
  /** Is told of the claims that are read, and may throw when they are too many. */
  readonly spend: (claims: number) => void;
};

/** Canonical names of what the first group that leads anywhere leads to, each once, in no order. */
export function followPaths(
  following: Following,
  from: EntityUri,
  groups: RelationField['groups'],
): readonly EntityUri[] {
  for (const paths of groups) {
    const found = new Set(paths.flatMap((path) => [...followPath(following, from, path)]));
    found.delete(from);
    if (found.size > 0) return [...found];
  }
  return [];
}

function followPath(following: Following, from: EntityUri, path: Path): ReadonlySet<EntityUri> {
  let at = new Set([from]);
  for (const step of path) at = new Set([...at].flatMap((uri) => ends(following, uri, step)));
  return at;
}

function ends({ graph, asOf, isVisible, spend }: Following, at: EntityUri, step: Step): readonly EntityUri[] {
  const { direction, edge, to } = step;
  const found: EntityUri[] = [];
  for (const name of [at, ...aliasesOf(graph, at, asOf)]) {
    for (const claim of direction === 'out' ? graph.claimsFrom(name) : graph.claimsTo(name)) {
      spend(1);
      if (claim.type !== edge || !holdsAt(claim, asOf)) continue;
      const end = canonicalUri(graph, direction === 'out' ? claim.to : claim.from, asOf);
      if ((to === undefined || to.includes(parseEntityRef(end).type)) && isVisible(end)) found.push(end);
    }
  }
  return found;
}
