import type { FleetContext } from '../domain/health/fleet-context.ts';
import type { Instant } from '../domain/time.ts';

/** Models to evaluate at one tick of the schedule, with what of the rest of the fleet they need. */
export type ScanShard = {
  readonly now: Instant;
  readonly modelIds: readonly string[];
  /** @default nothing of the others is known */
  readonly fleet?: FleetContext | undefined;
};

/** Where a scan that is too large for one invocation is handed to others. */
export interface ScanQueue {
  /** All of them, or throws `DependencyUnavailable`; then some may be in the queue nevertheless. */
  send(shards: readonly ScanShard[]): Promise<void>;
}
