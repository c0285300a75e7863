import type { Instant } from '../domain/time.ts';

/** What subscribers receive; `detailType` is the domain event's name. */
export type PublishedEvent = { readonly detailType: string; readonly detail: unknown; readonly time: Instant };

export interface EventPublisher {
  /** At most ten. Resolves to the indexes of those that were not taken. */
  publish(events: readonly PublishedEvent[]): Promise<readonly number[]>;
}
