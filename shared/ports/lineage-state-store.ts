import type { LineageState } from '../domain/graph/openlineage/lineage-state.ts';
import type { StateKey } from '../domain/graph/openlineage/state-deltas.ts';
import type { Instant } from '../domain/time.ts';

export type StoredLineageState = {
  readonly key: StateKey;
  /** Grows with every write, from 1. */
  readonly revision: number;
  readonly state: LineageState;
};

/** What OpenLineage events have added up to, by run, job and dataset. */
export interface LineageStateStore {
  /** Strongly consistent; what is unknown is left out. */
  getMany(keys: readonly StateKey[]): Promise<readonly StoredLineageState[]>;
  /**
   * Revision is one more than `expectedRevision`, which is 0 where there was none. Throws `VersionConflict` when it was
   * written since.
   */
  put(
    write: { readonly key: StateKey; readonly state: LineageState; readonly expectedRevision: number },
    now: Instant,
  ): Promise<void>;
}
