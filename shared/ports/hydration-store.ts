import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { HydrationRecord } from '../domain/graph/ingestion/hydration.ts';
import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { Instant } from '../domain/time.ts';

/** Which readings of what have begun and ended; everything strongly consistent. */
export interface HydrationStore {
  /** Ticket of the provider's reading begun last; 0 when there was none. */
  latestTicket(provider: ProviderId): Promise<number>;
  /** Begins a reading. Its ticket is greater than all that the provider gave out before. */
  begin(provider: ProviderId, subject: EntityUri): Promise<number>;
  /** What was read has been written. */
  complete(
    provider: ProviderId,
    subject: EntityUri,
    outcome: { readonly coveredUntil: Instant; readonly isGone: boolean },
  ): Promise<void>;
  /** Somebody who had only seen it mentioned has asked for it. */
  markAsked(provider: ProviderId, subject: EntityUri, askedAt: Instant): Promise<void>;
  /** What is unknown is left out. */
  find(provider: ProviderId, subjects: readonly EntityUri[]): Promise<ReadonlyMap<EntityUri, HydrationRecord>>;
}
