import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import type { Verdict } from '../../domain/rollout/rollout.ts';
import { schemaProblems } from '../../domain/rollout/schema-problems.ts';
import type { Instant } from '../../domain/time.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout, planRolloutChange } from './change-rollout.ts';

export type RolloutTask = { readonly rolloutId: string; readonly now: Instant };
/** SHA-256 of no bytes: an artefact may be too large to read only to see that it is not empty. */
const digestOfNothing = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

type Loadability = { readonly verdict: Verdict; readonly reason: string };

/**
 * Whether the candidate's artefact is there, is the registered one, and takes what the champion's callers send. That each
 * consuming service can load it is not asked here: consumers cannot be asked yet.
 */
export function checkLoadability(
  { events, artifacts }: { readonly events: EventStore; readonly artifacts: ArtifactStore },
  { rolloutId, now }: RolloutTask,
): Promise<Loadability> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    if (head.state.loadability !== undefined) return head.state.loadability;
    const { modelId, champion, candidate } = head.state;
    const model = await loadModel(events, modelId);
    const [older, newer] = [
      await loadVersion(events, modelId, champion),
      await loadVersion(events, modelId, candidate),
    ];
    const problems = [
      ...(await artifactProblems(artifacts, newer.state)),
      ...schemaProblems(model.state.definition.features, older.state.features, newer.state.features),
    ];
    const loadability: Loadability =
      problems.length === 0
        ? { verdict: 'pass', reason: 'the artefact has the registered digest and takes the features that are sent' }
        : { verdict: 'fail', reason: problems.join('; ') };
    const context = { actor: systemActor('rollout'), now, reason: loadability.reason };
    const record = { type: 'RecordLoadability', ...loadability } as const;
    await events.append(planRolloutChange(rolloutId, head, [record], context).commits);
    return loadability;
  });
}

async function artifactProblems(
  artifacts: ArtifactStore,
  { artifactUri, artifactDigest }: ModelVersion,
): Promise<readonly string[]> {
  try {
    const digest = await artifacts.digest(artifactUri);
    if (digest !== artifactDigest) return [`the artefact has digest ${digest}, registered is ${artifactDigest}`];
    return digest === digestOfNothing ? ['the artefact is empty'] : [];
  } catch (error) {
    if (isRunwayError(error) && error.name === 'ArtifactUnusable') return [error.message];
    throw error;
  }
}
