import type { Instant } from '../domain/time.ts';

/** Models to evaluate at one tick of the schedule. */
export type ScanShard = { readonly now: Instant; readonly modelIds: readonly string[] };

/** Where a scan that is too large for one invocation is handed to others. */
export interface ScanQueue {
  /** All of them, or throws `DependencyUnavailable`; then some may be in the queue nevertheless. */
  send(shards: readonly ScanShard[]): Promise<void>;
}
