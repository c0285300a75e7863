import type { Contribution } from '../domain/graph/contribution.ts';
import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { GraphCounts } from '../domain/graph/rebuild.ts';
import type { Direction } from '../domain/graph/walk.ts';

export type ReachRequest = { readonly root: EntityUri; readonly direction: Direction; readonly depth: number };

/** What a stream says as of a version of it. */
export type StreamContribution = {
  readonly streamId: string;
  readonly version: number;
  readonly contribution: Contribution;
};

/** The graph behind openCypher. Twins: `adapters/memory`, `adapters/neptune`. */
export interface GraphDatabase {
  /** Does nothing once a later version of the stream was written, so that a slow writer cannot undo a newer one. */
  apply(streamId: string, version: number, contribution: Contribution): Promise<void>;
  /** The same of many different streams at once. */
  applyMany(said: readonly StreamContribution[]): Promise<void>;
  /** Deletes a part of everything; false when nothing was left to delete. */
  clearSome(): Promise<boolean>;
  count(): Promise<GraphCounts>;
  /** Entities that present dependencies lead to, by URI, each with its smallest depth; the root is not among them. */
  reach(request: ReachRequest): Promise<readonly { readonly uri: EntityUri; readonly depth: number }[]>;
}
