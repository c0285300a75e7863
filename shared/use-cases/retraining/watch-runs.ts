import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { OrchestratedRun, RetrainState } from '../../domain/retraining/retrain.ts';
import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { RunStatus } from '../../ports/orchestrator.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { answerWorkflow } from './answer-workflow.ts';
import { changeCircuit } from './change-circuit.ts';
import { changeRetrain, loadRetrain } from './change-retrain.ts';
import { loadSlots } from './change-slots.ts';
import { counted, type StartDependencies, startRun } from './start-run.ts';

export type WatchDependencies = StartDependencies & { readonly workflows: WorkflowEngine };

/** A pipeline's last step completes the run; its own end may be seen before that call has arrived. */
const completionGraceMillis = 30 * minuteMillis;

/**
 * Asks the orchestrators about every run that they have and that has not been completed: a pipeline that fails tells
 * nobody. A run that ended without a completion is completed as failed; one that cannot be found is asked for again. An
 * orchestrator that does not answer is asked once. `only`: runs by the orchestrators' ids, when something was told of them.
 */
export async function watchRuns(
  dependencies: WatchDependencies,
  now: Instant,
  only?: ReadonlySet<string>,
): Promise<void> {
  const { events } = dependencies;
  const silent = new Set<string>();
  for (const retrainId of (await loadSlots(events)).state.active) {
    const { state } = await loadRetrain(events, retrainId);
    const { status, run, completion } = state;
    if (status !== 'running' || run === undefined || completion !== undefined || silent.has(run.connection)) continue;
    if (only?.has(run.id) === false) continue;
    try {
      await watchRun(dependencies, state, run, now);
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      silent.add(run.connection);
    }
  }
}

async function watchRun(
  dependencies: WatchDependencies,
  retrain: RetrainState,
  run: OrchestratedRun,
  now: Instant,
): Promise<void> {
  const { events, orchestrators, workflows } = dependencies;
  const orchestrator = await orchestrators.find(run.connection);
  // A connection that was taken away: the workflow's time limit ends the retrain.
  if (orchestrator === undefined) return;
  const status = await counted(events, run.connection, now, () => orchestrator.status(run, now));
  if (status.state === 'unknown' && !run.attached) return askAgain(dependencies, retrain, run, now);
  const error = failureOf(status, run, now);
  if (error === undefined) return;
  const completion = { status: 'failed', error } as const;
  const context = { actor: systemActor('retraining'), now, reason: error };
  await changeRetrain(events, retrain.retrainId, { type: 'CompleteTraining', completion }, context);
  await answerWorkflow(workflows, { ...retrain, completion });
}

async function askAgain(
  dependencies: WatchDependencies,
  retrain: RetrainState,
  { connection }: OrchestratedRun,
  now: Instant,
): Promise<void> {
  const { events, workflows } = dependencies;
  const { retrainId, runId, askedAt } = retrain;
  await changeCircuit(events, connection, { type: 'AdmitStart', startId: runId }, now);
  const context = { actor: systemActor('retraining'), now, reason: `${connection} does not know the run` };
  await changeRetrain(events, retrainId, { type: 'AskTrainingAgain' }, context);
  try {
    await startRun(dependencies, retrain, { now, askedBefore: askedAt });
  } catch (error) {
    if (!isRunwayError(error) || error.name !== 'TrainingRefused') throw error;
    await answerWorkflow(workflows, (await loadRetrain(events, retrainId)).state);
  }
}

function failureOf({ state, reason, endedAt }: RunStatus, { connection, pipeline }: OrchestratedRun, now: Instant) {
  const about = `${pipeline} of ${connection}`;
  if (state === 'unknown') return `${about} is not known there, though it was attached`;
  if (state === 'failed' || state === 'stopped') return `${about} ${state}${reason ? `: ${reason}` : ''}`;
  const isLate = endedAt !== undefined && toMillis(now) - toMillis(endedAt) > completionGraceMillis;
  return state === 'succeeded' && isLate ? `${about} ended without completing its run` : undefined;
}
