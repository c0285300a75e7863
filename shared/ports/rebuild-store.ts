import type { Rebuild } from '../domain/graph/rebuild.ts';

/** Rebuilds of the graph, of which one at most runs. */
export interface RebuildStore {
  get(rebuildId: string): Promise<Rebuild | undefined>;
  /** The one that was begun last. */
  latest(): Promise<Rebuild | undefined>;
  /** Throws `VersionConflict` unless the latest one is `expected`, in its attempt; undefined: there is none. */
  begin(rebuild: Rebuild, expected: Rebuild | undefined): Promise<void>;
  put(rebuild: Rebuild): Promise<void>;
}
