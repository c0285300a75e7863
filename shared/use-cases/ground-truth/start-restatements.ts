import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import { outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import {
  affectedDays,
  type DayRange,
  evolveRestatement,
  type RestatementEvent,
  rangeOfBoth,
  restatementIdOf,
  restatementLists,
} from '../../domain/ground-truth/restatement.ts';
import type { WriterState } from '../../domain/ground-truth/writer.ts';
import { isOwnWriter } from '../../domain/ground-truth/writer-key.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels, modelsOfTeam } from '../../domain/registry/model-lists.ts';
import { restatementStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { RestatementQueue } from '../../ports/restatement-queue.ts';
import { expectWriter, writerCommit } from '../registry/change-writer.ts';
import { states } from '../registry/view-models.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

export type RestatementPorts = { readonly events: EventStore; readonly queue: RestatementQueue };

const actor = systemActor('ground-truth');

/**
 * Begins a restatement for each model that the writer may have written for, and says so in the writer's stream when all
 * have begun. A repetition finds those that have, and resolves to how many were asked to go on. Throws `NotFound`.
 */
export function startRestatements(
  { events, queue }: RestatementPorts,
  { writer, revision }: { readonly writer: string; readonly revision: number },
  now: Instant,
): Promise<number> {
  return withRetryOnConflict(async () => {
    const head = await expectWriter(events, writer);
    const { trustRevision, restatedRevision } = head.state;
    // Changed again: who has read the former trust may still be counting on it, and the later message comes when not.
    if (restatedRevision === revision || trustRevision !== revision) return 0;
    let models = 0;
    let days: DayRange | undefined;
    for await (const model of modelsOf(events, writer)) {
      const own = daysOf(head.state, model, now);
      days = rangeOfBoth(days, own);
      const restatementId = restatementIdOf(writer, revision, model.modelId);
      await begin(events, {
        event: {
          type: 'RestatementStarted',
          schemaVersion: 1,
          restatementId,
          writer,
          modelId: model.modelId,
          revision,
          buckets: model.definition.buckets,
          days: own,
        },
        now,
      });
      await queue.send({ restatementId });
      models += 1;
    }
    const event = { type: 'RestatementsStarted', schemaVersion: 1, writer, revision, models, days } as const;
    await events.append([writerCommit(head, [event], { actor, now, reason: 'its trust has changed' })]);
    return models;
  });
}

async function* modelsOf(events: EventStore, writer: string): AsyncGenerator<ModelState> {
  const list = isOwnWriter(writer) ? allModels : modelsOfTeam(writer.slice(0, writer.indexOf('/')));
  let cursor: string | undefined;
  do {
    const page = await states<ModelState>(events, list, { limit: 100, cursor });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function daysOf({ unrestated = {} }: WriterState, model: ModelState, now: Instant): DayRange | undefined {
  const windows = outcomeTypesOf(model.definition).map(({ attributionWindowMinutes }) => attributionWindowMinutes);
  return affectedDays(unrestated, { windowMinutes: Math.max(...windows), earliest: model.registeredAt, now });
}

async function begin(
  events: EventStore,
  { event, now }: { readonly event: RestatementEvent; readonly now: Instant },
): Promise<void> {
  const state = evolveRestatement(undefined, event, now);
  const streamId = restatementStream(event.restatementId);
  const commit = { streamId, expectedVersion: 0, events: [event], state, lists: restatementLists(state) };
  try {
    await events.append([{ ...commit, actor, reason: 'the trust in a writer has changed', occurredAt: now }]);
  } catch (error) {
    // It has begun already.
    if (!isRunwayError(error) || error.name !== 'VersionConflict') throw error;
  }
}
