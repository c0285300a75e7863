import { systemActor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import { isRunLeft, type OrchestratedRun, type RetrainState, type RunEnd } from '../../domain/retraining/retrain.ts';
import type { Instant } from '../../domain/time.ts';
import { changeRetrain, loadRetrain } from './change-retrain.ts';
import { readRetrains } from './read-queue.ts';
import { counted, type StartDependencies } from './start-run.ts';

/**
 * Stops the runs of retrains that ended without them: cancelled, or out of time. A stop comes into effect later and may
 * get lost, so it is asked for at each look until the orchestrator says that the run has ended, or that it cannot. Gives
 * the ids of retrains whose run is left to itself. An orchestrator that does not answer is asked once.
 */
export async function stopRuns(dependencies: StartDependencies, now: Instant): Promise<readonly string[]> {
  const { events } = dependencies;
  const silent = new Set<string>();
  const left: string[] = [];
  for (const { retrainId } of await readRetrains(events, 'stopping')) {
    // The list lags behind the streams.
    const { state } = await loadRetrain(events, retrainId);
    if (!isRunLeft(state) || state.run === undefined || silent.has(state.run.connection)) continue;
    try {
      const end = await stopRun(dependencies, state, state.run, now);
      if (end === undefined) continue;
      const reason = end.outcome === 'left' ? end.reason : 'its retrain has ended';
      const context = { actor: systemActor('retraining'), now, reason };
      await changeRetrain(events, retrainId, { type: 'EndRun', end }, context);
      if (end.outcome === 'left') left.push(retrainId);
    } catch (error) {
      if (!isRunwayError(error)) throw error;
      silent.add(state.run.connection);
    }
  }
  return left;
}

/** Undefined while it has yet to end. */
async function stopRun(
  { events, orchestrators }: StartDependencies,
  { failure = 'its retrain has ended' }: RetrainState,
  run: OrchestratedRun,
  now: Instant,
): Promise<RunEnd | undefined> {
  const orchestrator = await orchestrators.find(run.connection);
  if (orchestrator === undefined) return { outcome: 'left', reason: `the stage has no connection ${run.connection}` };
  const ask = async () => {
    const { state } = await orchestrator.status(run, now);
    if (state !== 'queued' && state !== 'running') return { outcome: 'ended' } as const;
    const result = await orchestrator.stop(run, `Runway: ${failure}`);
    return result.outcome === 'refused' ? ({ outcome: 'left', reason: result.reason } as const) : undefined;
  };
  return counted(events, run.connection, now, ask);
}
