import { type QueueFigures, queueFigures } from '../../domain/retraining/queue-figures.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { readQueue } from './read-queue.ts';

/** Reads the whole queue, as the sweep leaves it. */
export async function measureQueue(events: EventStore, now: Instant): Promise<QueueFigures> {
  return queueFigures(await readQueue(events), now);
}
