import { queueOrder } from './queue-order.ts';
import { isRunLeft, type RetrainState } from './retrain.ts';

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store in which a retrain stands: the queue while it is open, those whose run is to be stopped, and its model's. */
export function retrainLists(state: RetrainState): readonly Entry[] {
  const { status, endedAt, modelId, requestedAt } = state;
  const byStatus =
    status === 'queued' || status === 'running'
      ? { list: retrainsOfStatus(status), sort: queueOrder(state) }
      : { list: retrainsOfStatus(isRunLeft(state) ? 'stopping' : 'ended'), sort: endedAt ?? requestedAt };
  return [byStatus, { list: retrainsOfModel(modelId), sort: requestedAt }];
}

export function retrainsOfStatus(status: 'queued' | 'running' | 'stopping' | 'ended'): string {
  return `retrains#${status}`;
}

export function retrainsOfModel(modelId: string): string {
  return `retrains#model#${modelId}`;
}
