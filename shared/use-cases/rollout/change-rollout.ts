import { notFound } from '../../domain/errors.ts';
import { decideRollout } from '../../domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../domain/rollout/evolve-rollout.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { rolloutLists } from '../../domain/rollout/rollout-lists.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';

/** Throws `NotFound` (code `unknown-rollout`). */
export async function loadRollout(store: EventStore, rolloutId: string): Promise<Head<RolloutState>> {
  const head = await store.head<RolloutState>(rolloutStream(rolloutId));
  if (head === undefined) throw notFound('rollout', rolloutId);
  return head;
}

/** What the command would append; nothing when it changes nothing. For appends of several streams at once. */
export function planRolloutChange(
  rolloutId: string,
  head: Head<RolloutState> | undefined,
  command: RolloutCommand,
  { actor, now, reason, correlationId }: ChangeContext,
): readonly NewCommit[] {
  const events = decideRollout(command, head?.state, now);
  const state = events.reduce<RolloutState | undefined>(evolveRollout, head?.state);
  if (state === undefined || events.length === 0) return [];
  const stream = { streamId: rolloutStream(rolloutId), expectedVersion: head?.version ?? 0 };
  return [{ ...stream, events, state, lists: rolloutLists(state), actor, reason, occurredAt: now, correlationId }];
}
