import type { Instant } from '../domain/time.ts';

/** What readers begin with. */
export type SnapshotManifest = {
  readonly key: string;
  /** Number of the change of the log up to which the snapshot includes everything. */
  readonly change: number;
  readonly bytes: number;
  readonly writtenAt: Instant;
};

/** Snapshots of the graph, and a manifest that names the one to read. Twins: `adapters/memory`, `adapters/s3`. */
export interface SnapshotStore {
  /** Undefined before the first, and when it cannot be read. */
  manifest(): Promise<SnapshotManifest | undefined>;
  /** Undefined when it is gone. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Gives its key, which nobody reads before the manifest names it. */
  write(change: number, snapshot: Uint8Array): Promise<string>;
  publish(manifest: SnapshotManifest): Promise<void>;
  /** Deletes all but the `count` newest, and never what is among `spared`. */
  keepNewest(count: number, spared: readonly string[]): Promise<void>;
}
