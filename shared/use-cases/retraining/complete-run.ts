import type { Actor } from '../../domain/actor.ts';
import { notFound, RunwayError } from '../../domain/errors.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import { type RetrainState, retrainIdOfRun, type TrainingCompletion } from '../../domain/retraining/retrain.ts';
import { retrainStream, versionStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { atField } from '../registry/at-field.ts';
import { expectBaseline } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { answerWorkflow } from './answer-workflow.ts';
import { planCost } from './change-costs.ts';
import { planRetrainChange } from './change-retrain.ts';

export type CompleteDependencies = {
  readonly events: EventStore;
  readonly artifacts: ArtifactStore;
  readonly workflows: WorkflowEngine;
};
export type RunCompletion = {
  readonly runId: string;
  readonly completion: TrainingCompletion;
  readonly actor: Actor;
  readonly now: Instant;
};
type Succeeded = Extract<TrainingCompletion, { status: 'succeeded' }>;

/** Throws `NotFound` (code `unknown-run`). */
export async function loadRun(events: EventStore, runId: string): Promise<Head<RetrainState>> {
  const head = await findRun(events, runId);
  if (head === undefined) throw notFound('run', runId);
  return head;
}

/** Undefined when there is no such run. */
export async function findRun(events: EventStore, runId: string): Promise<Head<RetrainState> | undefined> {
  const retrainId = retrainIdOfRun(runId);
  return retrainId === undefined ? undefined : events.head<RetrainState>(retrainStream(retrainId));
}

/**
 * Records what a trainer reports and passes it on to the waiting workflow. The same report again only passes it on
 * again. Its cost counts once, in the month in which it is reported. Throws `NotFound`; `InvalidRequest` when the version or the hold-out is not this run's; `IllegalTransition` for
 * a contradicting report or a run that has ended.
 */
export async function completeRun(dependencies: CompleteDependencies, request: RunCompletion): Promise<void> {
  const { runId, completion, actor, now } = request;
  const { events, artifacts, workflows } = dependencies;
  const completed = await withRetryOnConflict(async () => {
    const head = await loadRun(events, runId);
    const { retrainId } = head.state;
    const reason =
      completion.status === 'succeeded' ? `training gave version ${completion.modelVersion}` : completion.error;
    const commits = planRetrainChange(retrainId, head, [{ type: 'CompleteTraining', completion }], {
      actor,
      now,
      reason,
    });
    if (commits.length === 0) return head.state;
    if (completion.status === 'succeeded') await checkResult(events, artifacts, head.state, completion);
    const { team, modelId } = head.state;
    const cost =
      completion.cost &&
      (await planCost(events, { team, modelId, runId, cost: completion.cost }, { actor, now, reason }));
    await events.append([...commits, ...(cost ? [cost] : [])]);
    return { ...head.state, completion };
  });
  await answerWorkflow(workflows, completed);
}

async function checkResult(
  events: EventStore,
  artifacts: ArtifactStore,
  { modelId, runId }: RetrainState,
  { modelVersion, holdout }: Succeeded,
): Promise<void> {
  const version = await events.head<ModelVersion>(versionStream(modelId, modelVersion));
  if (version === undefined)
    throw invalid('/modelVersion', 'unknown-version', `${modelId} has no version ${modelVersion}`);
  const { trainingRun } = version.state;
  if (trainingRun !== runId)
    throw invalid(
      '/modelVersion',
      'other-run',
      `version ${modelVersion} was trained by run ${JSON.stringify(trainingRun)}, expected ${JSON.stringify(runId)}`,
    );
  expectBaseline('CompleteTraining', version.state);
  const digest = await atField('/holdout/uri', artifacts.digest(holdout.uri));
  if (digest !== holdout.digest)
    throw invalid('/holdout/digest', 'digest-mismatch', `the object has digest ${digest}, received ${holdout.digest}`);
}

function invalid(field: string, code: string, reason: string): RunwayError {
  return new RunwayError('InvalidRequest', 'invalid-request', `the completion does not fit the run: ${reason}`, [
    { field, code, reason },
  ]);
}
