import { type QueueFigures, queueFigures } from '../../domain/retraining/queue-figures.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfStatus } from '../../domain/retraining/retrain-lists.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** Reads the whole queue, as the sweep leaves it. */
export async function measureQueue(events: EventStore, now: Instant): Promise<QueueFigures> {
  const queued: RetrainState[] = [];
  let cursor: string | undefined;
  do {
    const page = await events.list<RetrainState>(retrainsOfStatus('queued'), { limit: 200, ...(cursor && { cursor }) });
    queued.push(...page.items.map(({ state }) => state));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return queueFigures(queued, now);
}
