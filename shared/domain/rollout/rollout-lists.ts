import type { RolloutState } from './rollout.ts';

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store in which a rollout stands: the open or the ended ones, and its model's. */
export function rolloutLists({ modelId, startedAt, endedAt }: RolloutState): readonly Entry[] {
  const byStatus = endedAt === undefined ? openRollouts : endedRollouts;
  return [
    { list: byStatus, sort: startedAt },
    { list: rolloutsOfModel(modelId), sort: startedAt },
  ];
}

export const openRollouts = 'rollouts#open';
const endedRollouts = 'rollouts#ended';

export function rolloutsOfModel(modelId: string): string {
  return `rollouts#model#${modelId}`;
}
