import { sortableNumber } from '../stream-ids.ts';
import type { ModelState, ModelVersion } from './model.ts';

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store in which a model stands, in the order of their index. */
export function modelLists(state: ModelState): readonly Entry[] {
  return [
    { list: allModels, sort: state.modelId },
    { list: modelsOfTeam(state.definition.team), sort: state.modelId },
  ];
}

export const allModels = 'models';

export function modelsOfTeam(team: string): string {
  return `models#team#${team}`;
}

export function versionLists({ modelId, version }: ModelVersion): readonly Entry[] {
  return [{ list: versionsOfModel(modelId), sort: sortableNumber(version) }];
}

export function versionsOfModel(modelId: string): string {
  return `versions#${modelId}`;
}
