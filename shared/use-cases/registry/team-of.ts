import type { ModelState } from '../../domain/registry/model.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** Team that owns a model; undefined when there is no such model. */
export async function teamOf(events: EventStore, modelId: string): Promise<string | undefined> {
  return (await events.head<ModelState>(modelStream(modelId)))?.state.definition.team;
}
