import { systemActor } from '../../domain/actor.ts';
import { illegalTransition, isRunwayError, RunwayError } from '../../domain/errors.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { type TrainingRequest, trainingParameters } from '../../domain/retraining/training-parameters.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { OrchestratorDirectory } from '../../ports/orchestrator-directory.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { changeCircuit } from './change-circuit.ts';
import { changeRetrain } from './change-retrain.ts';

export type StartDependencies = { readonly events: EventStore; readonly orchestrators: OrchestratorDirectory };

/** The connection of models that name none. */
export const queueConnection = 'training-queue';

/**
 * Asks the model's orchestrator for the run. `askedBefore` is when it was asked last. What did not answer counts against
 * the circuit, and so does nothing else: a refusal ends the retrain. Throws `DependencyUnavailable`; `TrainingRefused`,
 * after the refusal was recorded as the run's completion.
 */
export async function startRun(
  { events, orchestrators }: StartDependencies,
  retrain: RetrainState,
  { now, askedBefore }: { readonly now: Instant; readonly askedBefore: Instant | undefined },
): Promise<void> {
  const { retrainId, runId } = retrain;
  const { definition } = (await loadModel(events, retrain.modelId)).state;
  const { connection, pipeline } = definition.orchestrator ?? { connection: queueConnection, pipeline: '' };
  const orchestrator = await orchestrators.find(connection);
  if (orchestrator === undefined) return refuse(events, retrain, `the stage has no connection ${connection}`, now);
  const parameters = trainingParameters(await trainingRequest(events, retrain));
  const result = await counted(events, connection, now, () =>
    orchestrator.start({ requestId: runId, pipeline, parameters, now, askedBefore }),
  );
  if (result.outcome === 'refused') return refuse(events, retrain, `${connection} refused: ${result.reason}`, now);
  // A trainer that takes from the queue is known by its completion only.
  if (connection === queueConnection) return;
  const { run } = await record(events, retrainId, { connection, ...result.run }, now);
  // An operator was faster and attached another run.
  if (run?.attached && run.id !== result.run.id)
    await counted(events, connection, now, () => orchestrator.stop(result.run, `${runId} was attached to another run`));
}

/** Lets the call's outcome count for the circuit. */
export async function counted<T>(
  events: EventStore,
  connection: string,
  now: Instant,
  call: () => Promise<T>,
): Promise<T> {
  const answer = await call().catch(async (error: unknown) => {
    if (isRunwayError(error) && error.name === 'DependencyUnavailable')
      await changeCircuit(events, connection, { type: 'RecordFailure', reason: error.message }, now);
    throw error;
  });
  await changeCircuit(events, connection, { type: 'RecordAnswer' }, now);
  return answer;
}

async function record(
  events: EventStore,
  retrainId: string,
  run: NonNullable<RetrainState['run']>,
  now: Instant,
): Promise<RetrainState> {
  const context = { actor: systemActor('retraining'), now, reason: `${run.connection} runs ${run.pipeline}` };
  return changeRetrain(events, retrainId, { type: 'RecordRun', run }, context);
}

async function refuse(events: EventStore, { retrainId }: RetrainState, reason: string, now: Instant): Promise<never> {
  const completion = { status: 'failed', error: reason } as const;
  const context = { actor: systemActor('retraining'), now, reason };
  await changeRetrain(events, retrainId, { type: 'CompleteTraining', completion }, context);
  throw new RunwayError('TrainingRefused', 'training-refused', reason);
}

async function trainingRequest(
  events: EventStore,
  { runId, retrainId, modelId, triggers, requestedAt, startedAt = requestedAt }: RetrainState,
): Promise<TrainingRequest> {
  const correlationId = await correlationOfStream(events, retrainStream(retrainId));
  const { champion, definition } = (await loadModel(events, modelId)).state;
  if (champion === undefined) throw illegalTransition('RequestTraining', 'no champion', 'a deployed version');
  const { artifactUri: championArtifactUri } = (await loadVersion(events, modelId, champion.version)).state;
  const causes = [...new Set(triggers.map(({ cause }) => cause))];
  const about = { runId, retrainId, modelId, team: definition.team, causes };
  // A retrain may have waited in the queue: the trainer takes what was known when it left it.
  const trained = { championVersion: champion.version, championArtifactUri };
  return { ...about, requestedAt: startedAt, ...trained, correlationId };
}
