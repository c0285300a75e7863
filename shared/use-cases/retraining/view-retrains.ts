import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainsOfModel, retrainsOfStatus } from '../../domain/retraining/retrain-lists.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';

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

/** In the order in which they start. */
export function listQueue(
  events: EventStore,
  status: 'queued' | 'running',
  page: PageRequest,
): Promise<Page<RetrainView>> {
  return list(events, retrainsOfStatus(status), page);
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
