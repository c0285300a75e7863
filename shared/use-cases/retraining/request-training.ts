import { systemActor } from '../../domain/actor.ts';
import { illegalTransition } from '../../domain/errors.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { TrainingRequest } from '../../domain/retraining/training-parameters.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { TrainingQueue } from '../../ports/training-queue.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { changeRetrain } from './change-retrain.ts';

/**
 * Asks a trainer. The token is stored before the request leaves, so that the trainer's answer finds it; after a crash
 * in between the task is repeated with a new token and asks again for the same run, which a trainer recognises.
 */
export async function requestTraining(
  { events, queue }: { readonly events: EventStore; readonly queue: TrainingQueue },
  { retrainId, taskToken, now }: { readonly retrainId: string; readonly taskToken: string; readonly now: Instant },
): Promise<void> {
  const context = { actor: systemActor('retraining'), now, reason: 'the workflow waits for a training' };
  const retrain = await changeRetrain(events, retrainId, { type: 'AwaitTraining', taskToken }, context);
  // Answered already, on the token of an earlier attempt: recovery passes the answer on to this one.
  if (retrain.completion !== undefined) return;
  await queue.publish(await trainingRequest(events, retrain));
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
