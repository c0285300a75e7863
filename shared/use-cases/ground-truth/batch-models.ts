import type { BatchModel } from '../../domain/ground-truth/batch/batch-model.ts';
import { type DistrustRow, distrustRows } from '../../domain/ground-truth/distrusted-span.ts';
import { outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import { mayWriteFor } from '../../domain/ground-truth/writer-key.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels } from '../../domain/registry/model-lists.ts';
import type { EventStore } from '../../ports/event-store.ts';

const pageSize = 100;

/** Every model that was ever registered: those that are retired have labels to come, too. In the order of their ids. */
export async function batchModels(events: Pick<EventStore, 'list' | 'rows'>): Promise<readonly BatchModel[]> {
  const distrusts = await events.rows<DistrustRow>(distrustRows);
  const models: BatchModel[] = [];
  let cursor: string | undefined;
  do {
    const page = await events.list<ModelState>(allModels, { limit: pageSize, ...(cursor !== undefined && { cursor }) });
    for (const { state } of page.items) models.push(batchModel(state, distrusts));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return models.sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
}

function batchModel({ modelId, definition }: ModelState, distrusts: readonly DistrustRow[]): BatchModel {
  const ofTeam = distrusts.filter(({ writer }) => mayWriteFor(writer, definition.team));
  const distrusted = ofTeam.flatMap(({ spans }) => spans);
  const { speedWindowMinutes } = definition;
  return {
    modelId,
    outcomeTypes: outcomeTypesOf(definition),
    ...(speedWindowMinutes !== undefined && { speedWindowMinutes }),
    ...(distrusted.length > 0 && { distrusted }),
  };
}
