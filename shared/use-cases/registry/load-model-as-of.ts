import { notFound } from '../../domain/errors.ts';
import { foldModel } from '../../domain/registry/evolve-model.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { ModelEvent } from '../../domain/registry/model-events.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { Commit, EventStore } from '../../ports/event-store.ts';

const pageSize = 200;

/** The model as it stood at a past moment: a fold of its commits until then. Throws `NotFound` before the first one. */
export async function loadModelAsOf(store: EventStore, modelId: string, asOf: Instant): Promise<ModelState> {
  let state: ModelState | undefined;
  for (let afterVersion = 0; ; afterVersion += pageSize) {
    const page = await store.commits(modelStream(modelId), { afterVersion, limit: pageSize });
    const until = page.filter((commit) => commit.occurredAt <= asOf);
    state = foldModel(until.map(modelCommit), state);
    if (until.length < pageSize) break;
  }
  if (state === undefined) throw notFound('model', modelId);
  return state;
}

function modelCommit({ events, occurredAt }: Commit) {
  // Nothing but model events is ever appended to a model's stream.
  return { events: events as readonly ModelEvent[], occurredAt };
}
