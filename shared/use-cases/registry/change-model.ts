import type { Actor } from '../../domain/actor.ts';
import { headerError, notFound } from '../../domain/errors.ts';
import { decideModel } from '../../domain/registry/decide-model.ts';
import { evolveModel } from '../../domain/registry/evolve-model.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { ModelCommand, ModelEvent } from '../../domain/registry/model-events.ts';
import { modelLists } from '../../domain/registry/model-lists.ts';
import { modelRow, modelRows } from '../../domain/registry/model-row.ts';
import { upcastPolicy } from '../../domain/registry/upcast-policy.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Who does it, when, and why: what a commit says beside its events. */
export type ChangeContext = {
  readonly actor: Actor;
  readonly now: Instant;
  readonly reason: string;
  /** @default the id under which the function works */
  readonly correlationId?: string | undefined;
};

/** Commands applied one after another to one model; `commit` is undefined when they change nothing. */
export type ModelChange = {
  readonly state: ModelState;
  readonly events: readonly ModelEvent[];
  readonly commit?: NewCommit<ModelEvent, ModelState>;
};

/** Throws `NotFound` (code `unknown-model`). */
export async function loadModel(store: EventStore, modelId: string): Promise<Head<ModelState>> {
  const head = await store.head<ModelState>(modelStream(modelId));
  if (head === undefined) throw notFound('model', modelId);
  // A head may be older than what its policy says today.
  return { ...head, state: { ...head.state, policy: upcastPolicy(head.state.policy) } };
}

/** Decides the commands in order, each on the state the one before left. For use cases that append several streams at once. */
export function planModelChange(
  head: Head<ModelState>,
  commands: readonly ModelCommand[],
  context: ChangeContext,
): ModelChange {
  const { actor, now, reason, correlationId } = context;
  let state = head.state;
  const events: ModelEvent[] = [];
  for (const command of commands) {
    for (const event of decideModel(command, state, now)) {
      state = evolveModel(state, event, now);
      events.push(event);
    }
  }
  if (events.length === 0) return { state, events };
  const commit = {
    streamId: head.streamId,
    expectedVersion: head.version,
    events,
    state,
    lists: modelLists(state),
    row: { list: modelRows, value: modelRow(state) },
    actor,
    reason,
    occurredAt: now,
    correlationId,
  };
  return { state, events, commit };
}

/**
 * Loads, decides, appends; again when another append came between, unless `ifMatch` names the version to change.
 * Throws `NotFound`, `PreconditionFailed`, and what `decideModel` throws.
 */
export function changeModel(
  store: EventStore,
  modelId: string,
  commands: readonly ModelCommand[],
  context: ChangeContext & { readonly ifMatch?: number | undefined },
): Promise<{ readonly state: ModelState; readonly version: number; readonly events: readonly ModelEvent[] }> {
  return withRetryOnConflict(async () => {
    const head = await loadModel(store, modelId);
    expectMatch(head, context.ifMatch);
    const { state, events, commit } = planModelChange(head, commands, context);
    if (commit !== undefined) await store.append([commit]);
    return { state, events, version: commit === undefined ? head.version : head.version + 1 };
  });
}

/** Throws `PreconditionFailed` when the caller has read another version. */
export function expectMatch(head: Head<unknown>, ifMatch: number | undefined): void {
  if (ifMatch === undefined || ifMatch === head.version) return;
  const message = `${head.streamId} is at version ${head.version}, If-Match says ${ifMatch}`;
  throw headerError('PreconditionFailed', 'precondition-failed', 'If-Match', message);
}
