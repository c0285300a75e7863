import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import type { Instant } from '../../domain/time.ts';
import type { BaselineRequest } from '../../ports/baseline-queue.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { ReferenceFiles } from '../../ports/reference-files.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion, planBaselineEnd } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { anchorOf } from './anchor-of.ts';
import { readBaseline } from './read-baseline.ts';

type Ports = { readonly events: EventStore; readonly files: ReferenceFiles; readonly baselines: BaselineStore };

/**
 * Builds the baseline that a version waits for, and says so in the version's stream; a file that cannot be used ends in
 * `BaselineFailed` with the reason. Called again it does nothing, or the same. Throws what may pass when tried again.
 */
export async function buildPendingBaseline(
  ports: Ports,
  { modelId, version }: BaselineRequest,
  now: Instant,
): Promise<'built' | 'failed' | 'not-pending'> {
  const { state } = await loadVersion(ports.events, modelId, version);
  if (state.baselineStatus?.status !== 'pending') return 'not-pending';
  const failure = await build(ports, state);
  await withRetryOnConflict(async () => {
    const head = await loadVersion(ports.events, modelId, version);
    const reason = failure ?? 'the reference window is read';
    const commits = planBaselineEnd(head, failure, { actor: systemActor('health'), now, reason });
    if (commits.length > 0) await ports.events.append(commits);
  });
  return failure === undefined ? 'built' : 'failed';
}

/** Why it cannot be built; undefined when it is there. */
async function build({ events, files, baselines }: Ports, state: ModelVersion): Promise<string | undefined> {
  const { modelId, version, features, referenceWindow } = state;
  const { state: model } = await loadModel(events, modelId);
  const { taskType, segments } = model.definition;
  try {
    const file = await files.open(referenceWindow.uri);
    const anchor = await anchorOf(baselines, model, version);
    const window = { modelId, version, taskType, features, segments, anchor, ...referenceWindow };
    await baselines.put(await readBaseline(file, window));
    return undefined;
  } catch (error) {
    if (isRunwayError(error) && (error.name === 'ArtifactUnusable' || error.name === 'InvalidRequest'))
      return error.message;
    throw error;
  }
}
