import type { Actor } from '../../domain/actor.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { RetrainCommand } from '../../domain/retraining/retrain-events.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { changeRetrain, loadRetrain } from './change-retrain.ts';

export type QueueRequest = {
  readonly retrainId: string;
  readonly reason: string;
  readonly actor: Actor;
  readonly now: Instant;
};

/** Keeps a retrain in the queue until it is released, whatever slots are free. Throws `NotFound`, `IllegalTransition` once it has started. */
export function holdRetrain(events: EventStore, request: QueueRequest): Promise<RetrainState> {
  return change(events, request, { type: 'HoldRetrain', by: request.actor.id, reason: request.reason });
}

/** Throws `NotFound`, `IllegalTransition` once it has started. */
export function releaseRetrain(events: EventStore, request: QueueRequest): Promise<RetrainState> {
  return change(events, request, { type: 'ReleaseRetrain' });
}

/** Makes a retrain count as so many tiers more urgent than its own. Throws `NotFound`, `IllegalTransition` once it has started. */
export function bumpRetrain(
  events: EventStore,
  { bump, ...request }: QueueRequest & { readonly bump: number },
): Promise<RetrainState> {
  return change(events, request, { type: 'BumpRetrain', bump });
}

async function change(
  events: EventStore,
  { retrainId, actor, reason, now }: QueueRequest,
  command: RetrainCommand,
): Promise<RetrainState> {
  await changeRetrain(events, retrainId, command, { actor, now, reason });
  return (await loadRetrain(events, retrainId)).state;
}

/** Team that owns the retrain's model; undefined when there is no such retrain. */
export async function teamOfRetrain(events: EventStore, retrainId: string): Promise<string | undefined> {
  return (await events.head<RetrainState>(retrainStream(retrainId)))?.state.team;
}
