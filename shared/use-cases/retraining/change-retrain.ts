import { notFound } from '../../domain/errors.ts';
import { decideRetrain } from '../../domain/retraining/decide-retrain.ts';
import { evolveRetrain } from '../../domain/retraining/evolve-retrain.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { RetrainCommand } from '../../domain/retraining/retrain-events.ts';
import { retrainLists } from '../../domain/retraining/retrain-lists.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Throws `NotFound` (code `unknown-retrain`). */
export async function loadRetrain(store: EventStore, retrainId: string): Promise<Head<RetrainState>> {
  const head = await store.head<RetrainState>(retrainStream(retrainId));
  if (head === undefined) throw notFound('retrain', retrainId);
  return head;
}

/** What the commands would append; no commit when they change nothing. For appends of several streams at once. */
export function planRetrainChange(
  retrainId: string,
  head: Head<RetrainState> | undefined,
  commands: readonly RetrainCommand[],
  { actor, now, reason, correlationId }: ChangeContext,
): readonly NewCommit[] {
  let state = head?.state;
  const events = commands.flatMap((command) => {
    const decided = decideRetrain(command, state, now);
    state = decided.reduce<RetrainState | undefined>(evolveRetrain, state);
    return decided;
  });
  if (state === undefined || events.length === 0) return [];
  const stream = { streamId: retrainStream(retrainId), expectedVersion: head?.version ?? 0 };
  return [{ ...stream, events, state, lists: retrainLists(state), actor, reason, occurredAt: now, correlationId }];
}

/** Loads, decides, appends; again when another append came between. Gives the state before. */
export function changeRetrain(
  store: EventStore,
  retrainId: string,
  command: RetrainCommand,
  context: ChangeContext,
): Promise<RetrainState> {
  return withRetryOnConflict(async () => {
    const head = await loadRetrain(store, retrainId);
    const commits = planRetrainChange(retrainId, head, [command], context);
    if (commits.length > 0) await store.append(commits);
    return head.state;
  });
}
