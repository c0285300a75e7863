import { readFileSync } from 'node:fs';
import { createMemoryArtifactStore } from '../../shared/adapters/memory/memory-artifact-store.ts';
import { createMemoryRoutingPublisher } from '../../shared/adapters/memory/memory-routing-publisher.ts';
import { createQueueOrchestrator } from '../../shared/adapters/orchestrators/queue-orchestrator.ts';
import { systemActor } from '../../shared/domain/actor.ts';
import { retrainIdOfRun, type TrainingCompletion } from '../../shared/domain/retraining/retrain.ts';
import { seededRandom } from '../../shared/domain/seeded-random.ts';
import { type Instant, toMillis } from '../../shared/domain/time.ts';
import type { EventStore, NewCommit } from '../../shared/ports/event-store.ts';
import type { Orchestrator } from '../../shared/ports/orchestrator.ts';
import type { OrchestratorDirectory } from '../../shared/ports/orchestrator-directory.ts';
import type { WorkflowEngine } from '../../shared/ports/workflow-engine.ts';
import { closeRetrain } from '../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { recoverRetrains } from '../../shared/use-cases/retraining/recover-retrains.ts';
import { requestRetrain } from '../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../shared/use-cases/retraining/request-training.ts';
import { queueConnection } from '../../shared/use-cases/retraining/start-run.ts';
import { stopRuns } from '../../shared/use-cases/retraining/stop-runs.ts';
import { watchRuns } from '../../shared/use-cases/retraining/watch-runs.ts';
import { rejectCandidate } from '../../shared/use-cases/rollout/give-up-rollout.ts';
import { restartRollouts } from '../../shared/use-cases/rollout/restart-rollouts.ts';
import { figuresOf, type History } from './history-figures.ts';
import { createOracle, Violation } from './oracle.ts';
import { createProcesses } from './processes.ts';
import { createScheduler } from './scheduler.ts';
import { givenModels, holdout, registeredAt, trainVersion } from './simulated-models.ts';
import { createSimulatedOrchestrator, type SimulatedRun } from './simulated-orchestrator.ts';
import { createSimulatedStore } from './simulated-store.ts';
import { type Machine, runMachine, TaskFailure } from './simulated-workflow.ts';

const limits = { overall: 3, perTeam: 2 };
const hour = 3_600;
/** Requests come within this time; then everything has `patienceHours` to end. */
const requestHours = 4;
const patienceHours = 48;
const pipelines = 'pipelines';
const actor = systemActor('test');

/** What a test may break, to see that it is found. */
export type Sabotage = {
  readonly events?: (events: EventStore) => EventStore;
  readonly orchestrator?: (orchestrator: Orchestrator) => Orchestrator;
};
const retrainMachine: Machine = JSON.parse(
  readFileSync(new URL('../../state-machines/retrain-model.asl.json', import.meta.url), 'utf8'),
);

/**
 * One history from its seed: models, requests, functions that die anywhere, messages that come late, twice or never, a
 * workflow that retries, an orchestrator with outages, and the recovery that has to make up for all of it.
 */
export async function runHistory(seed: number, sabotage: Sabotage = {}): Promise<History> {
  const scheduler = createScheduler(seededRandom(seed), toMillis(registeredAt));
  const { happens, between, pick } = scheduler;
  const oracle = createOracle(limits);
  let violation: string | undefined;
  const guard = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      violation ??= error.message;
    }
  };
  const simulated = createSimulatedStore(scheduler, (commits) => {
    guard(() => oracle.saw(commits));
    relay(commits);
  });
  const events = sabotage.events?.(simulated.store) ?? simulated.store;
  const processes = createProcesses(scheduler, (error) => {
    violation ??= `a bug: ${error instanceof Error ? error.stack : String(error)}`;
  });
  const training = createSimulatedOrchestrator(scheduler, requestHours * hour, (run) => void report(run));
  const orchestrator = sabotage.orchestrator?.(training.orchestrator) ?? training.orchestrator;
  const queue = createQueueOrchestrator({
    publish: (request) => training.answered(() => void takeFromQueue(request.runId)),
  });
  const orchestrators: OrchestratorDirectory = {
    find: async (name) => (name === pipelines ? orchestrator : name === queueConnection ? queue : undefined),
  };
  const artifacts = createMemoryArtifactStore();
  await artifacts.put(holdout.uri, holdout.content);
  const tokens = new Map<
    string,
    { readonly answer: (output: unknown) => void; readonly fail: (error: TaskFailure) => void }
  >();
  const started = new Set<string>();
  const workflows: WorkflowEngine = {
    start: async (workflow, name, input) => {
      if (started.has(`${workflow}/${name}`)) return;
      started.add(`${workflow}/${name}`);
      if (workflow === 'retrainModel') void runRetrain(input as Record<string, unknown>);
      else if (workflow === 'rollOutVersion') void endRollout(name);
    },
    stop: async () => undefined,
    succeedTask: async (token, output) => tokens.get(token)?.answer(output),
    failTask: async (token, error, cause) => tokens.get(token)?.fail(new TaskFailure(error, cause)),
  };
  const ports = { events, artifacts, workflows, orchestrators, routing: createMemoryRoutingPublisher(), limits };
  const models = await givenModels(simulated.store, pipelines);

  /** The trainer that takes from the queue knows a request by its run, however often it comes. */
  function takeFromQueue(runId: string): void {
    for (let copies = happens(0.1) ? 2 : 1; copies > 0; copies -= 1)
      scheduler.later(between(0, 60), () => void training.begins(runId));
  }

  /** A run's last step, as a client that tries again until it is heard. */
  async function report({ runId, fate }: SimulatedRun): Promise<void> {
    // What nobody asked for is a violation at the end, and has no model to report to.
    if (retrainIdOfRun(runId) === undefined) return;
    const completion: TrainingCompletion =
      fate === 'succeeds'
        ? { status: 'succeeded', modelVersion: await trainVersion(simulated.store, runId), holdout }
        : { status: 'failed', error: 'no data' };
    const once = async () => {
      const heard = await processes.insist(
        ports,
        (given) => completeRun(given, { runId, completion, actor, now: scheduler.now() }),
        {
          times: 30,
          seconds: 10,
          stopsAt: ({ error }) => ['IllegalTransition', 'InvalidRequest', 'NotFound'].includes(error),
        },
      );
      if (!heard.ok) guard(() => oracle.refused(runId, completion, `${heard.failure.error}: ${heard.failure.message}`));
    };
    await once();
    if (happens(0.2)) await once();
  }

  function relay(commits: readonly NewCommit[]): void {
    const types = new Set(commits.flatMap((commit) => commit.events.map(({ type }) => type)));
    if (!['RetrainRequested', 'RetrainSucceeded', 'RetrainFailed'].some((type) => types.has(type))) return;
    if (happens(0.05)) return;
    for (let copies = happens(0.1) ? 2 : 1; copies > 0; copies -= 1)
      scheduler.later(between(0.1, happens(0.1) ? 600 : 5), () => void dispatch());
  }

  /** A message comes again after its visibility timeout, five times at most. */
  function dispatch() {
    const now = scheduler.now();
    return processes.insist(
      ports,
      async (given) => {
        await dispatchRetrains(given, now);
        await recoverRetrains(given, now);
      },
      { times: 5, seconds: 360 },
    );
  }

  async function runRetrain(input: Record<string, unknown>): Promise<void> {
    const functions: Readonly<Record<string, (payload: never, given: typeof ports) => Promise<unknown>>> = {
      '${requestTraining}': (payload, given) => requestTraining(given, payload),
      '${closeRetrain}': (payload, given) => closeRetrain(given.events, payload),
    };
    await runMachine(retrainMachine, input, {
      scheduler,
      newToken: () => `${String(input.retrainId)}-t${scheduler.steps()}-${scheduler.random()}`,
      answerTo: (token) =>
        new Promise((resolve, reject) => {
          tokens.set(token, { answer: resolve, fail: reject });
        }),
      invoke: (name, payload) => {
        const run = (given: typeof ports) => functions[name]!(payload as never, given);
        // A function may be run once more, or still run when it is thought dead.
        if (happens(0.03))
          scheduler.later(between(0, 300), () => void processes.invoke(ports, run).catch(() => undefined));
        return processes.invoke(ports, run);
      },
      startExecution: (_, { closed }) => {
        const { rolloutId } = closed as { readonly rolloutId: string };
        void workflows.start('rollOutVersion', rolloutId, {});
      },
    });
  }

  /** No canary: the model comes free for the next retrain. */
  async function endRollout(rolloutId: string): Promise<void> {
    await scheduler.sleep(between(60, 600));
    await processes.insist(ports, (given) => rejectCandidate(given, { rolloutId, now: scheduler.now() }), {
      times: 50,
      seconds: 20,
    });
  }

  function everyMinutes(minutes: number, run: (given: typeof ports, now: Instant) => Promise<unknown>): void {
    const tick = () => {
      const now = scheduler.now();
      void processes.invoke(ports, (given) => run(given, now)).catch(() => undefined);
      if (!isOver()) scheduler.later(minutes * 60, tick);
    };
    scheduler.later(minutes * 60 * scheduler.random(), tick);
  }

  async function request(modelId: string): Promise<void> {
    const asked = await processes.insist(
      ports,
      ({ events: given }) => requestRetrain(given, { modelId, reason: 'now', actor, now: scheduler.now() }),
      { times: 3, seconds: 5, stopsAt: ({ error }) => error === 'IllegalTransition' },
    );
    if (asked.ok) oracle.acknowledge(asked.value.retrainId);
  }

  let left = 4 + Math.floor(scheduler.random() * 6);
  for (let count = left; count > 0; count -= 1)
    scheduler.later(between(0, requestHours * hour), () => {
      left -= 1;
      void request(pick(models));
    });
  const isOver = () => violation !== undefined || (left === 0 && oracle.isQuiet() && scheduler.millis() > lastRequest);
  const lastRequest = toMillis(registeredAt) + (requestHours + 0.2) * hour * 1_000;
  everyMinutes(15, async (given, now) => {
    await watchRuns(given, now);
    await stopRuns(given, now);
    await dispatchRetrains(given, now);
  });
  everyMinutes(60, async (given, now) => {
    await dispatchRetrains(given, now);
    await recoverRetrains(given, now);
    await restartRollouts(given);
  });
  await scheduler.run(toMillis(registeredAt) + patienceHours * hour * 1_000, isOver);
  if (violation === undefined) guard(() => oracle.checkEnd(training));
  return {
    ...figuresOf(seed, [...oracle.retrains.values()], training.trainings),
    steps: scheduler.steps(),
    ...(violation !== undefined && { violation }),
  };
}
