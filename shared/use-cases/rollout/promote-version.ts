import { systemActor } from '../../domain/actor.ts';
import { promotionIndex } from '../../domain/rollout/approval.ts';
import { decideRollout } from '../../domain/rollout/decide-rollout.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { isFree } from '../../domain/rollout/rollout-guards.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { type Ending, endRollout } from './end-rollout.ts';
import { lookAtPeople, type Move } from './look-at-rollout.ts';
import type { PersonsRequest } from './operate-rollout.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

/**
 * The candidate becomes the champion; not while a person has paused or rejected it. Throws `IllegalTransition` without a
 * fresh pass of the last canary step.
 */
export async function promoteVersion(
  dependencies: RoutingDependencies,
  { rolloutId, now }: RolloutTask,
): Promise<Move> {
  const { events } = dependencies;
  const { modelId, move } = await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const { state } = head;
    const isOpen = state.endedAt === undefined;
    if (isOpen && isFree(state, promotionIndex(state.policy)))
      await promote(
        events,
        head,
        { type: 'PromoteRollout' },
        { actor: systemActor('rollout'), now, reason: why(state) },
      );
    else if (isOpen) return { ...state, move: await lookAtPeople(events, head, now) };
    return { ...state, move: { next: 'done', step: state.step, holdSeconds: 0 } as const };
  });
  await publishRouting(dependencies, modelId);
  return move;
}

/**
 * A person promotes a candidate that serves. The routing goes out before the workflow is stopped, so that a crash in
 * between leaves a workflow whose next task finds the rollout ended; called again, it finishes what was begun. Throws
 * `IllegalTransition` after a fail or before the first canary step, and `NotAuthorized` for whoever asked for the rollout.
 */
export async function promoteNow(
  dependencies: RoutingDependencies & { readonly workflows: WorkflowEngine },
  { rolloutId, actor, reason, now }: PersonsRequest,
): Promise<RolloutState> {
  const { events } = dependencies;
  const { modelId } = await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const command = { type: 'PromoteRolloutNow', by: actor.id, reason } as const;
    await promote(events, head, command, { actor, now, reason });
    return head.state;
  });
  await publishRouting(dependencies, modelId);
  await dependencies.workflows.stop('rollOutVersion', rolloutId, reason);
  return (await loadRollout(events, rolloutId)).state;
}

async function promote(
  events: EventStore,
  head: Head<RolloutState>,
  rollout: Extract<RolloutCommand, { type: 'PromoteRollout' | 'PromoteRolloutNow' }>,
  context: ChangeContext,
): Promise<void> {
  const { rolloutId, modelId, champion, candidate } = head.state;
  // Says whether it may be; nothing when it was promoted before.
  if (decideRollout(rollout, head.state, context.now).length === 0) return;
  const { trainingDataEnd } = (await loadVersion(events, modelId, candidate)).state;
  const ending: Ending = {
    rollout,
    model: { type: 'PromoteCandidate', rolloutId, trainingDataEnd },
    versions: [
      [candidate, 'champion'],
      [champion, 'withdrawn'],
    ],
  };
  await endRollout(events, head, ending, context);
}

function why({ judgements, validation }: RolloutState): string {
  return judgements.at(-1)?.reason ?? validation?.reason ?? 'every step passed';
}
