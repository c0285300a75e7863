import { assumedTrainingMinutes } from '../../domain/retraining/cascade/cascade-model.ts';
import { estimateStarts, type QueuePlace } from '../../domain/retraining/queue/estimate-starts.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfModel, retrainsOfStatus } from '../../domain/retraining/retrain-lists.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadSlots } from './change-slots.ts';
import { queueOf, type RetrainLimits, readRetrains } from './read-queue.ts';

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };
/** What clients see: the task token would let its bearer answer the workflow. */
export type RetrainView = Omit<RetrainState, 'taskToken' | 'trainingTimeoutSeconds' | 'completion' | 'askedAt'>;

export function viewRetrain({
  taskToken: _,
  trainingTimeoutSeconds: __,
  completion: ___,
  askedAt: ____,
  ...view
}: RetrainState): RetrainView {
  return view;
}

/** Newest first. Throws `NotFound` for an unknown model. */
export async function listRetrains(events: EventStore, modelId: string, page: PageRequest): Promise<Page<RetrainView>> {
  await loadModel(events, modelId);
  return list(events, retrainsOfModel(modelId), { ...page, descending: true });
}

export type QueuePageRequest = PageRequest & { readonly limits: RetrainLimits; readonly now: Instant };

/** By tier, then staleness, then age; `position` says in which order the waiting ones start. */
export async function listQueue(
  events: EventStore,
  status: 'queued' | 'running',
  { limits, now, ...page }: QueuePageRequest,
): Promise<Page<RetrainView & Partial<Omit<QueuePlace, 'retrainId'>>>> {
  const { items, ...rest } = await list(events, retrainsOfStatus(status), page);
  if (status === 'running' || items.length === 0) return { items, ...rest };
  const places = new Map((await placesInQueue(events, limits, now)).map((place) => [place.retrainId, place]));
  return { items: items.map((retrain) => ({ ...retrain, ...places.get(retrain.retrainId) })), ...rest };
}

async function placesInQueue(events: EventStore, limits: RetrainLimits, now: Instant): Promise<readonly QueuePlace[]> {
  const [waiting, active, slots] = await Promise.all([
    readRetrains(events, 'queued'),
    readRetrains(events, 'running'),
    loadSlots(events),
  ]);
  const queue = queueOf(waiting, slots.state, limits, now);
  const startedAt = new Map(active.map((retrain) => [retrain.retrainId, retrain.startedAt]));
  const running = queue.running.map((slot) => ({ ...slot, startedAt: startedAt.get(slot.retrainId) ?? now }));
  return estimateStarts({ ...queue, running }, assumedTrainingMinutes);
}

async function list(
  events: EventStore,
  name: string,
  { limit, cursor, descending = false }: PageRequest & { readonly descending?: boolean },
): Promise<Page<RetrainView>> {
  const page = await events.list<RetrainState>(name, { limit, descending, ...(cursor !== undefined && { cursor }) });
  return {
    items: page.items.map(({ state }) => viewRetrain(state)),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  };
}
