import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { Instant } from '../domain/time.ts';

/** Asks those who run outside the network of the database to fetch what is only mentioned; a repetition does no harm. */
export interface HydrationRequests {
  /** Throws `DependencyUnavailable`. */
  request(uris: readonly EntityUri[], now: Instant): Promise<void>;
}
