import type { Instant } from '../time.ts';
import type { Adjacency } from './adjacency.ts';
import type { Contribution } from './contribution.ts';
import type { EntityUri } from './entity-ref.ts';
import type { EntityType } from './entity-types.ts';
import type { Direction, Reached } from './walk.ts';

/**
 * The whole graph for walks of any size: entities are numbers from 0, which are good until the view is asked for again.
 * Everything an `Adjacency` says it says too.
 */
export interface GraphView extends Adjacency {
  /** Above every number. */
  readonly nodeCount: number;
  /** Undefined of what nobody ever mentioned. */
  nodeOf(uri: EntityUri): number | undefined;
  uriOf(node: number): EntityUri;
  /** In place, as their URIs sort. */
  sortByUri(nodes: Int32Array): void;
  /** @default the present */
  at(asOf: Instant | undefined): DependenciesAt;
  /** Lets overrides that were to end at or before `now` have ended then; the store hears of it later. */
  endExpired(now: Instant): void;
  /** What every stream says, in no order. */
  contributions(): Iterable<readonly [string, Contribution]>;
}

/** The dependencies that hold at one moment. Entities that are aliases of each other are one: their canonical one. */
export interface DependenciesAt {
  canonical(node: number): number;
  /** The nodes that are this canonical one, itself included. */
  members(node: number): readonly number[];
  /** Calls `visit` with what a canonical node depends on (upstream) or what depends on it; may give one repeatedly. */
  each(node: number, direction: Direction, visit: (next: number) => void): void;
}

export type GraphWalkRequest = {
  readonly root: EntityUri;
  readonly direction: Direction;
  /** In edges, from 1; `Infinity` for all there is. */
  readonly depth: number;
  /** @default the present */
  readonly asOf?: Instant | undefined;
  /** Called before each level; cancels the walk by throwing. */
  readonly checkpoint?: (() => void) | undefined;
};

/**
 * What a walk reached, by depth, then by URI: each entity once, at its smallest depth, without the root. Names and paths
 * are made when they are asked for, so that a page of 50,000 costs what a page of 50 does.
 */
export interface GraphWalk {
  /** The canonical entity for which the walk was asked. */
  readonly root: EntityUri;
  readonly total: number;
  /** There is more beyond the depth. */
  readonly isCut: boolean;
  /** `index` counts from 0 to `total - 1`. */
  depthAt(index: number): number;
  uriAt(index: number): EntityUri;
  typeAt(index: number): EntityType;
  reachedAt(index: number): Reached;
  /** All of them. */
  reached(): readonly Reached[];
  /** Entities that depend on each other, among the reached ones and the root; each group and the groups sorted by URI. */
  cycles(): readonly (readonly EntityUri[])[];
}
