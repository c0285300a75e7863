import type { Instant } from '../time.ts';
import type { Adjacency } from './adjacency.ts';
import { isDependencyAt } from './contribution.ts';
import { findCycles } from './cycles.ts';
import type { Entity } from './entities.ts';
import { recordOf } from './entity-record.ts';
import type { EntityUri } from './entity-ref.ts';

/** `upstream`: what it depends on (lineage). `downstream`: what depends on it (impact). */
export type Direction = 'upstream' | 'downstream';

export type WalkRequest = {
  readonly root: EntityUri;
  readonly direction: Direction;
  /** In edges, from 1. */
  readonly depth: number;
  /** @default the present */
  readonly asOf?: Instant | undefined;
};

/** `path` is a shortest one, from the root to the entity. */
export type Reached = Pick<Entity, 'uri' | 'type' | 'name'> & {
  readonly depth: number;
  readonly path: readonly EntityUri[];
};

export type Walk = {
  /** By depth, then by URI; each entity once, at its smallest depth. The root is not among them. */
  readonly reached: readonly Reached[];
  /** There is more beyond the depth. */
  readonly isCut: boolean;
  /** Entities that depend on each other, among the reached ones and the root; each group and the groups sorted by URI. */
  readonly cycles: readonly (readonly EntityUri[])[];
};

type Neighbours = (uri: EntityUri) => readonly EntityUri[];

/** Walks the dependencies breadth first, so a cycle ends where it closes. */
export function walk(adjacency: Adjacency, { root, direction, depth, asOf }: WalkRequest): Walk {
  const neighbours = neighboursIn(adjacency, direction, asOf);
  const parents = new Map<EntityUri, EntityUri | undefined>([[root, undefined]]);
  const reached: Reached[] = [];
  let frontier: readonly EntityUri[] = [root];
  for (let level = 1; level <= depth && frontier.length > 0; level += 1) {
    frontier = nextLevel(frontier, neighbours, parents);
    for (const uri of frontier) {
      const { type, name } = recordOf(uri, adjacency.descriptions(uri));
      reached.push({ uri, type, name, depth: level, path: pathTo(uri, parents) });
    }
  }
  const isCut = frontier.some((uri) => neighbours(uri).some((next) => !parents.has(next)));
  const inside: Neighbours = (uri) => neighbours(uri).filter((next) => parents.has(next));
  return { reached, isCut, cycles: findCycles([...parents.keys()], inside) };
}

// Sorted, so that of several shortest paths the same one is shown every time.
function nextLevel(
  frontier: readonly EntityUri[],
  neighbours: Neighbours,
  parents: Map<EntityUri, EntityUri | undefined>,
): readonly EntityUri[] {
  const level: EntityUri[] = [];
  for (const uri of frontier) {
    for (const next of neighbours(uri)) {
      if (parents.has(next)) continue;
      parents.set(next, uri);
      level.push(next);
    }
  }
  return level.toSorted();
}

function neighboursIn(adjacency: Adjacency, direction: Direction, asOf: Instant | undefined): Neighbours {
  const known = new Map<EntityUri, readonly EntityUri[]>();
  return (uri) => {
    const found = known.get(uri);
    if (found !== undefined) return found;
    const claims = direction === 'upstream' ? adjacency.claimsFrom(uri) : adjacency.claimsTo(uri);
    const ends = new Set<EntityUri>();
    for (const claim of claims)
      if (isDependencyAt(claim, asOf)) ends.add(direction === 'upstream' ? claim.to : claim.from);
    const sorted = [...ends].toSorted();
    known.set(uri, sorted);
    return sorted;
  };
}

function pathTo(uri: EntityUri, parents: ReadonlyMap<EntityUri, EntityUri | undefined>): readonly EntityUri[] {
  const path: EntityUri[] = [];
  for (let at: EntityUri | undefined = uri; at !== undefined; at = parents.get(at)) path.push(at);
  return path.toReversed();
}
