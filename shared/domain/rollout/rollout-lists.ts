import { waitingApproval } from './approval.ts';
import type { RolloutState } from './rollout.ts';

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store in which a rollout stands: open, waiting for an approval or ended, and its model's. */
export function rolloutLists(state: RolloutState): readonly Entry[] {
  const { modelId, startedAt, endedAt } = state;
  const open = waitingApproval(state) === undefined ? openRollouts : waitingRollouts;
  const byStatus = endedAt === undefined ? open : endedRollouts;
  return [
    { list: byStatus, sort: startedAt },
    { list: rolloutsOfModel(modelId), sort: startedAt },
  ];
}

/** But those that wait for an approval. */
export const openRollouts = 'rollouts#open';
export const waitingRollouts = 'rollouts#waiting';
const endedRollouts = 'rollouts#ended';

export function rolloutsOfModel(modelId: string): string {
  return `rollouts#model#${modelId}`;
}
