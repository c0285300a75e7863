import { systemActor } from '../../domain/actor.ts';
import type { Instant } from '../../domain/time.ts';
import { changeCircuit } from './change-circuit.ts';
import { changeRetrain, loadRetrain } from './change-retrain.ts';
import { queueConnection, type StartDependencies, startRun } from './start-run.ts';

/**
 * Asks for a training. The token is stored before the request leaves, so that the trainer's answer finds it; after a
 * crash in between the task is repeated with a new token and asks again for the same run, which the orchestrator or the
 * trainer recognises. Throws `CircuitOpen` when the orchestrator is left alone, `DependencyUnavailable` when it does not
 * answer, `TrainingRefused` when it does not want to.
 */
export async function requestTraining(
  dependencies: StartDependencies,
  { retrainId, taskToken, now }: { readonly retrainId: string; readonly taskToken: string; readonly now: Instant },
): Promise<void> {
  const { events } = dependencies;
  const { state } = await loadRetrain(events, retrainId);
  const { connection = queueConnection, runId, completion, run } = state;
  const isAsked = completion !== undefined || run !== undefined;
  // Before anything is written: a request that is not let out was not made.
  if (!isAsked) await changeCircuit(events, connection, { type: 'AdmitStart', startId: runId }, now);
  const context = { actor: systemActor('retraining'), now, reason: 'the workflow waits for a training' };
  const retrain = await changeRetrain(events, retrainId, { type: 'AwaitTraining', taskToken }, context);
  // Answered on the token of an earlier attempt: recovery passes the answer on to this one. A run that is known needs no
  // asking, whether its orchestrator answers now or not; whoever watches runs asks again should it be gone.
  if (retrain.completion !== undefined || retrain.run !== undefined) return;
  await startRun(dependencies, retrain, { now, askedBefore: retrain.askedAt });
}
