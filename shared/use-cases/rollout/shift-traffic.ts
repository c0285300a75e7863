import { systemActor } from '../../domain/actor.ts';
import { canarySteps } from '../../domain/rollout/rollout.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout, planRolloutChange } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import type { Move } from './judge-validation.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

/**
 * Starts a canary step: the rollout and the model's routing move in one append, then the routing is published. Throws
 * `IllegalTransition` when the step before has not passed, or the model is being rolled back.
 */
export async function shiftTraffic(
  dependencies: RoutingDependencies,
  { rolloutId, step, now }: RolloutTask & { readonly step: number },
): Promise<Move> {
  const { events } = dependencies;
  const { modelId, policy } = await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const candidatePercent = canarySteps(head.state.policy)[step] ?? 0;
    const context = {
      actor: systemActor('rollout'),
      now,
      reason: `canary step ${step + 1}: ${candidatePercent} % of the traffic`,
    };
    const rollout = planRolloutChange(rolloutId, head, { type: 'StartStep', step }, context);
    const model = planModelChange(
      await loadModel(events, head.state.modelId),
      [{ type: 'ShiftTraffic', rolloutId, candidatePercent }],
      context,
    );
    const commits = [...rollout, ...(model.commit ? [model.commit] : [])];
    if (commits.length > 0) await events.append(commits);
    return head.state;
  });
  await publishRouting(dependencies, modelId);
  return { next: 'hold', step, holdSeconds: Math.ceil(Math.min(policy.holdHours, policy.maximumHoldHours) * 3_600) };
}
