import { systemActor } from '../../domain/actor.ts';
import { RunwayError } from '../../domain/errors.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { changeRollout, loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { moveOf } from './look-at-rollout.ts';

/**
 * Keeps the token with which the workflow waits for a person. Throws `NobodyAwaited` when the person was faster, before
 * the token was kept or after. Whatever is lost on the way, the workflow's wait ends at the next look that is due.
 */
export async function awaitPerson(
  events: EventStore,
  { rolloutId, taskToken, now }: RolloutTask & { readonly taskToken: string },
): Promise<void> {
  const { state } = await loadRollout(events, rolloutId);
  const context = { actor: systemActor('rollout'), now, reason: 'the workflow waits for a person' };
  const waiting =
    state.endedAt === undefined
      ? await changeRollout(events, rolloutId, { type: 'AwaitPerson', taskToken }, context)
      : state;
  if (moveOf(waiting, now).next !== 'await')
    throw new RunwayError('NobodyAwaited', 'nobody-awaited', `${rolloutId} waits for nobody, expected a person`);
}

/** Wakes a workflow that waits for nobody any longer. */
export async function answerRollout(workflows: WorkflowEngine, state: RolloutState, now: Instant): Promise<void> {
  if (state.taskToken === undefined || moveOf(state, now).next === 'await') return;
  await workflows.succeedTask(state.taskToken, {});
}
