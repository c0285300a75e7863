import { notFound } from '../../domain/errors.ts';
import { decideRollout } from '../../domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../domain/rollout/evolve-rollout.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand, RolloutEvent } from '../../domain/rollout/rollout-events.ts';
import { rolloutLists } from '../../domain/rollout/rollout-lists.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Throws `NotFound` (code `unknown-rollout`). */
export async function loadRollout(store: EventStore, rolloutId: string): Promise<Head<RolloutState>> {
  const head = await store.head<RolloutState>(rolloutStream(rolloutId));
  if (head === undefined) throw notFound('rollout', rolloutId);
  return head;
}

export type RolloutChange = { readonly commits: readonly NewCommit[]; readonly state?: RolloutState };

/**
 * What the commands would append, each decided on the state the one before left; no commits when they change nothing. For
 * appends of several streams at once.
 */
export function planRolloutChange(
  rolloutId: string,
  head: Head<RolloutState> | undefined,
  commands: readonly RolloutCommand[],
  { actor, now, reason, correlationId }: ChangeContext,
): RolloutChange {
  let state = head?.state;
  const events: RolloutEvent[] = [];
  for (const command of commands)
    for (const event of decideRollout(command, state, now)) {
      state = evolveRollout(state, event);
      events.push(event);
    }
  if (state === undefined || events.length === 0) return { commits: [], ...(state && { state }) };
  const stream = { streamId: rolloutStream(rolloutId), expectedVersion: head?.version ?? 0 };
  const commit = {
    ...stream,
    events,
    state,
    lists: rolloutLists(state),
    actor,
    reason,
    occurredAt: now,
    correlationId,
  };
  return { commits: [commit], state };
}

/** Loads, decides, appends; again when another append came between. Throws `NotFound` and what `decideRollout` throws. */
export function changeRollout(
  events: EventStore,
  rolloutId: string,
  command: RolloutCommand,
  context: ChangeContext,
): Promise<RolloutState> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const { commits, state = head.state } = planRolloutChange(rolloutId, head, [command], context);
    if (commits.length > 0) await events.append(commits);
    return state;
  });
}
