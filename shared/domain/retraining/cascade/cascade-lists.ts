import type { CascadeState } from './cascade.ts';

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store in which a cascade stands: those under way or those that have ended, and its model's. */
export function cascadeLists({ status, modelId, promotedAt }: CascadeState): readonly Entry[] {
  return [
    { list: status === 'ended' ? endedCascades : openCascades, sort: promotedAt },
    { list: cascadesOfModel(modelId), sort: promotedAt },
  ];
}

export const openCascades = 'cascades#open';
export const endedCascades = 'cascades#ended';

export function cascadesOfModel(modelId: string): string {
  return `cascades#model#${modelId}`;
}
