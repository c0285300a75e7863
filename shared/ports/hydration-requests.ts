import type { EntityUri } from '../domain/graph/entity-ref.ts';

/** Asks those who run outside the network of the database to fetch what is only mentioned; a repetition does no harm. */
export interface HydrationRequests {
  request(uris: readonly EntityUri[]): Promise<void>;
}
