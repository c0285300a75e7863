import type { Instant } from '../time.ts';
import { type EdgeClaim, isDependencyAt } from './contribution.ts';
import type { Entity } from './entities.ts';
import { recordOf } from './entity-record.ts';
import type { EntityUri } from './entity-ref.ts';
import type { DependenciesAt, GraphView } from './graph-view-types.ts';
import type { Direction } from './walk.ts';

/** `claims` say why the entity before leads here; none say so of the first. */
export type PathStep = Pick<Entity, 'uri' | 'type' | 'name'> & { readonly claims: readonly EdgeClaim[] };

export type FoundPath = {
  /** `upstream`: the first depends on the last; `downstream`: the last depends on the first. */
  readonly direction: Direction;
  /** Canonical entities, from the first to the last. */
  readonly steps: readonly PathStep[];
};

/**
 * A shortest path of dependencies between two entities, whichever of them depends on the other; undefined when neither
 * does. Of equally short ones: upstream, and the one whose URIs sort first.
 */
export function findPath(
  view: GraphView,
  from: EntityUri,
  to: EntityUri,
  asOf?: Instant | undefined,
): FoundPath | undefined {
  const [start, end] = [view.nodeOf(from), view.nodeOf(to)];
  if (start === undefined || end === undefined) return undefined;
  const dependencies = view.at(asOf);
  const ends = [dependencies.canonical(start), dependencies.canonical(end)] as const;
  const up = shortest(view, dependencies, ends, 'upstream');
  const down = shortest(view, dependencies, ends, 'downstream');
  const isUp = up !== undefined && (down === undefined || up.length <= down.length);
  const nodes = isUp ? up : down;
  if (nodes === undefined) return undefined;
  const direction = isUp ? 'upstream' : 'downstream';
  const steps = nodes.map((node, index) => {
    const uri = view.uriOf(node);
    const { type, name } = recordOf(uri, view.descriptions(uri));
    const before = nodes[index - 1];
    const pair = direction === 'upstream' ? ([before, node] as const) : ([node, before] as const);
    return { uri, type, name, claims: claimsBetween(view, dependencies, pair, asOf) };
  });
  return { direction, steps };
}

function shortest(
  view: GraphView,
  { each }: DependenciesAt,
  [start, end]: readonly [number, number],
  direction: Direction,
): readonly number[] | undefined {
  const parents = new Map([[start, start]]);
  let frontier = Int32Array.of(start);
  while (frontier.length > 0 && !parents.has(end)) {
    const level: number[] = [];
    for (const node of frontier)
      each(node, direction, (next) => {
        if (parents.has(next)) return;
        parents.set(next, node);
        level.push(next);
      });
    frontier = Int32Array.from(level);
    view.sortByUri(frontier);
  }
  if (!parents.has(end)) return undefined;
  const path = [end];
  for (let at = end; at !== start; ) {
    at = parents.get(at)!;
    path.push(at);
  }
  return path.toReversed();
}

function claimsBetween(
  view: GraphView,
  { members }: DependenciesAt,
  [dependant, dependee]: readonly [number | undefined, number | undefined],
  asOf: Instant | undefined,
): readonly EdgeClaim[] {
  if (dependant === undefined || dependee === undefined) return [];
  const targets = new Set(members(dependee).map((node) => view.uriOf(node)));
  return members(dependant).flatMap((node) =>
    [...view.claimsFrom(view.uriOf(node))].filter((claim) => targets.has(claim.to) && isDependencyAt(claim, asOf)),
  );
}
