import { RunwayError } from '../../shared/domain/errors.ts';
import type { Orchestrator } from '../../shared/ports/orchestrator.ts';
import type { Scheduler } from './scheduler.ts';

/** What becomes of a run. */
type Fate = 'succeeds' | 'reports a failure' | 'fails without a word' | 'is forgotten';
export type SimulatedRun = {
  readonly runId: string;
  fate: Fate;
  state: 'running' | 'succeeded' | 'failed' | 'stopped';
  endedAt?: string;
};

type Outage = { readonly from: number; readonly to: number };
const hours = 3_600;

/**
 * Something that trains, known by the id of the run: it starts each id once. It has outages, in which it answers 5xx, loses
 * its answers after it has acted, or hangs; now and then it does so without an outage. `onEnd` tells who reports.
 */
export function createSimulatedOrchestrator(
  scheduler: Scheduler,
  horizonSeconds: number,
  onEnd: (run: SimulatedRun) => void,
) {
  const { between, happens, pick } = scheduler;
  const begin = scheduler.millis();
  const runs = new Map<string, SimulatedRun>();
  /** Trainings that really began, by id. */
  const trainings = new Map<string, number>();
  const forgotten = new Map<string, number>();
  const outages: readonly Outage[] = Array.from({ length: Math.floor(between(0, 3)) }, () => {
    const from = begin + between(0, horizonSeconds) * 1_000;
    return { from, to: from + between(60, 3 * hours) * 1_000 };
  });
  const isOut = () => outages.some(({ from, to }) => scheduler.millis() >= from && scheduler.millis() < to);

  /** The answer to a call, if one comes: `act` may have happened nevertheless. */
  async function answered<T>(act: () => T): Promise<T> {
    const trouble = happens(isOut() ? 0.9 : 0.03) ? pick(['5xx', 'lost', 'hang'] as const) : undefined;
    if (trouble === undefined) return act();
    if (trouble !== '5xx' && happens(0.7)) act();
    if (trouble === 'hang') return new Promise<T>(() => undefined);
    throw new RunwayError('DependencyUnavailable', 'dependency-unavailable', `${trouble} of the orchestrator`);
  }

  function begins(runId: string): 'started' | 'already-started' {
    if (runs.has(runId)) return 'already-started';
    const draw = scheduler.random();
    const fate: Fate =
      draw < 0.7
        ? 'succeeds'
        : draw < 0.83
          ? 'reports a failure'
          : draw < 0.95
            ? 'fails without a word'
            : 'is forgotten';
    const run: SimulatedRun = { runId, fate, state: 'running' };
    runs.set(runId, run);
    trainings.set(runId, (trainings.get(runId) ?? 0) + 1);
    scheduler.later(between(300, 1.5 * hours), () => {
      if (fate === 'is forgotten') {
        runs.delete(runId);
        forgotten.set(runId, (forgotten.get(runId) ?? 0) + 1);
        return;
      }
      if (run.state === 'stopped') return;
      run.state = fate === 'succeeds' ? 'succeeded' : 'failed';
      run.endedAt = scheduler.now();
      if (fate !== 'fails without a word') onEnd(run);
    });
    return 'started';
  }

  const orchestrator: Orchestrator = {
    start: ({ requestId, pipeline, now }) =>
      answered(() => ({ outcome: begins(requestId), run: { id: requestId, pipeline, requestedAt: now } })),
    status: ({ id }) =>
      answered(() => {
        const run = runs.get(id);
        if (run === undefined) return { state: 'unknown' };
        return { state: run.state, ...(run.endedAt !== undefined && { endedAt: run.endedAt }) };
      }),
    stop: ({ id }) =>
      answered(() => {
        const run = runs.get(id);
        if (run?.state === 'running') run.state = 'stopped';
        return { outcome: 'asked' };
      }),
  };
  return { orchestrator, answered, begins, trainings, forgotten, runs };
}
