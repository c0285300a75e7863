import type { HydrationRequest } from '../domain/graph/ingestion/thin-event.ts';

/** Delivers each at least once, in any order. */
export interface HydrationQueue {
  /** `delaySeconds` 0 … 900. */
  send(requests: readonly HydrationRequest[], delaySeconds?: number): Promise<void>;
}
