import { systemActor } from '../../domain/actor.ts';
import { canarySteps, type RolloutState } from '../../domain/rollout/rollout.ts';
import { isFree } from '../../domain/rollout/rollout-guards.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout, planRolloutChange } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { lookAtPeople, type Move } from './look-at-rollout.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

/**
 * Starts a canary step: the rollout and the model's routing move in one append, then the routing is published. A rollout
 * that a person has paused, rejected or ended in the meantime does not move. Throws `IllegalTransition` when the step
 * before has not passed, or the model is being rolled back.
 */
export async function shiftTraffic(
  dependencies: RoutingDependencies,
  { rolloutId, step, now }: RolloutTask & { readonly step: number },
): Promise<Move> {
  const { events } = dependencies;
  const { policy, modelId, stopped } = await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    if (isStopped(head.state, step)) return { ...head.state, stopped: await lookAtPeople(events, head, now) };
    await startStep(events, head, step, now);
    return { ...head.state, stopped: undefined };
  });
  await publishRouting(dependencies, modelId);
  const holdSeconds = Math.ceil(Math.min(policy.holdHours, policy.maximumHoldHours) * 3_600);
  return stopped ?? { next: 'hold', step, holdSeconds };
}

function isStopped(state: RolloutState, step: number): boolean {
  return state.endedAt !== undefined || (step !== state.step && !isFree(state, step));
}

async function startStep(events: EventStore, head: Head<RolloutState>, step: number, now: Instant): Promise<void> {
  const { rolloutId, modelId, policy } = head.state;
  const candidatePercent = canarySteps(policy)[step] ?? 0;
  const reason = `canary step ${step + 1}: ${candidatePercent} % of the traffic`;
  const context = { actor: systemActor('rollout'), now, reason };
  const rollout = planRolloutChange(rolloutId, head, [{ type: 'StartStep', step }], context);
  const shift = { type: 'ShiftTraffic', rolloutId, candidatePercent } as const;
  const model = planModelChange(await loadModel(events, modelId), [shift], context);
  const commits = [...rollout.commits, ...(model.commit ? [model.commit] : [])];
  if (commits.length > 0) await events.append(commits);
}
