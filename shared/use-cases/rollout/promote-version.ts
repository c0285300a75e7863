import { systemActor } from '../../domain/actor.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { loadVersion } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { endRollout } from './end-rollout.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

/** The candidate becomes the champion. Throws `IllegalTransition` without a fresh pass of the last canary step. */
export async function promoteVersion(
  dependencies: RoutingDependencies,
  { rolloutId, now }: RolloutTask,
): Promise<void> {
  const { events } = dependencies;
  const modelId = await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const { modelId, champion, candidate, status } = head.state;
    if (status === 'promoted') return modelId;
    const { trainingDataEnd } = (await loadVersion(events, modelId, candidate)).state;
    await endRollout(
      events,
      head,
      {
        rollout: { type: 'PromoteRollout' },
        model: { type: 'PromoteCandidate', rolloutId, trainingDataEnd },
        versions: [
          [candidate, 'champion'],
          [champion, 'withdrawn'],
        ],
      },
      { actor: systemActor('rollout'), now, reason: reasonOf(head.state) },
    );
    return modelId;
  });
  await publishRouting(dependencies, modelId);
}

function reasonOf({ judgements, validation }: RolloutState): string {
  return judgements.at(-1)?.reason ?? validation?.reason ?? 'every step passed';
}
