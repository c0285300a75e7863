import { readFileSync } from 'node:fs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { ServiceError } from '../../local/types.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { systemActor } from '../../shared/domain/actor.ts';
import type { Policy } from '../../shared/domain/registry/policy.ts';
import type { TrainingCompletion } from '../../shared/domain/retraining/retrain.ts';
import { type Instant, toInstant, toMillis } from '../../shared/domain/time.ts';
import { backgroundFunctions } from '../../shared/names.ts';
import { closeRetrain } from '../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { requestRetrain } from '../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../shared/use-cases/retraining/request-training.ts';
import { awaitPerson } from '../../shared/use-cases/rollout/await-person.ts';
import { checkLoadability } from '../../shared/use-cases/rollout/check-loadability.ts';
import { rejectCandidate, rollBack } from '../../shared/use-cases/rollout/give-up-rollout.ts';
import { judgeStep } from '../../shared/use-cases/rollout/judge-step.ts';
import { judgeValidation } from '../../shared/use-cases/rollout/judge-validation.ts';
import { promoteVersion } from '../../shared/use-cases/rollout/promote-version.ts';
import { shiftTraffic } from '../../shared/use-cases/rollout/shift-traffic.ts';
import { createWorld as createEngine, FunctionFailure, machine } from '../local/step-functions/harness.ts';
import { policyWith } from '../unit/retraining/flight-models.ts';
import { addVersion, createWorld as createPorts, deploy } from '../unit/retraining/memory-world.ts';
import { hour, pairedHour } from '../unit/rollout/flight-rollouts.ts';

type Payload = {
  readonly retrainId: string;
  readonly rolloutId: string;
  readonly taskToken: string;
  readonly step: number;
  readonly now: Instant;
  readonly error?: { Error: string; Cause: string };
};
type Task = keyof typeof backgroundFunctions;

/** Both workflows as they are deployed, on the embedded engine, their functions on ports in memory. */
export async function createLoop(change: Partial<Policy['rollout']> = {}) {
  const ports = createPorts();
  await deploy(ports, {
    policy: policyWith(({ rollout }) => ({
      rollout: { ...rollout, businessMetricRequired: false, holdHours: 24, maximumHoldHours: 96, ...change },
    })),
  });
  const tasks: Partial<Record<Task, (payload: Payload) => Promise<unknown>>> = {
    requestTraining: (payload) => requestTraining(ports, payload),
    closeRetrain: (payload) => closeRetrain(ports.events, payload),
    checkLoadability: (payload) => checkLoadability(ports, payload),
    judgeValidation: (payload) => judgeValidation(ports, payload),
    shiftTraffic: (payload) => shiftTraffic(ports, payload),
    judgeStep: (payload) => judgeStep(ports, payload),
    promoteVersion: (payload) => promoteVersion(ports, payload),
    awaitPerson: (payload) => awaitPerson(ports.events, payload),
    rejectCandidate: (payload) => rejectCandidate(ports, payload),
    rollBackRollout: (payload) => rollBack(ports, payload),
  };
  const calls: Task[] = [];
  /** Errors that the next calls of a function throw before they do anything. */
  const failures: { task: Task; error: string; times: number }[] = [];
  const functions = Object.fromEntries(
    Object.entries(tasks).map(([name, run]) => [
      name,
      async (payload: Payload) => {
        calls.push(name as Task);
        const failure = failures.find(({ task, times }) => task === name && times > 0);
        if (failure !== undefined) {
          failure.times -= 1;
          throw new FunctionFailure(failure.error);
        }
        return run(payload).catch((error: Error) => {
          throw new FunctionFailure(error.name, error.message);
        });
      },
    ]),
  );
  const engine = createEngine(machines, {
    functions: functions as Record<string, (event: unknown) => unknown>,
    now: toMillis(hour(0)),
  });
  const workflows = createStepFunctionsWorkflowEngine({
    client: clientOf(engine.call),
    arns: { retrainModel: arn('retrain-model'), rollOutVersion: arn('roll-out-version') },
  });
  const now = () => toInstant(engine.now());
  const dispatch = async () => {
    await dispatchRetrains({ events: ports.events, workflows, limits: { overall: 50, perTeam: 50 } }, now());
    await engine.drain();
  };
  return {
    ...ports,
    workflows,
    calls,
    now,
    fail: (task: Task, error: string, times = Number.POSITIVE_INFINITY) => failures.push({ task, error, times }),
    advanceTo: (hours: number) => engine.advanceTo(toMillis(hour(hours))),
    outcome: (name: 'retrain-model' | 'roll-out-version', execution: string) =>
      engine.outcome(`${arn(name).replace(':stateMachine:', ':execution:')}:${execution}`),
    async request() {
      await requestRetrain(ports.events, {
        modelId: 'late-basic',
        reason: 'new airports',
        actor: systemActor('test'),
        now: now(),
      });
      await dispatch();
    },
    dispatch,
    /** What a trainer would report: version 2 and a hold-out on which it differs from the champion by so much. */
    async train(scoreShift: number): Promise<TrainingCompletion> {
      const modelVersion = await addVersion(ports, { trainingRun: 'late-basic-r1-a1' });
      const uri = 's3://artifacts/late-basic/holdout.ndjson';
      return { status: 'succeeded', modelVersion, holdout: { uri, digest: ports.put(uri, holdoutRows(scoreShift)) } };
    },
    async complete(completion: TrainingCompletion) {
      await completeRun(
        { ...ports, workflows },
        { runId: 'late-basic-r1-a1', completion, actor: systemActor('test'), now: now() },
      );
      await engine.drain();
    },
    /** Ten days of traffic on which the candidate's loss differs by `difference` of the champion's. */
    serve(difference: number) {
      for (let index = 0; index < 240; index += 1)
        ports.pairs.push(pairedHour(index, 70, 30, 30 * (difference + (index % 2 === 0 ? 0.002 : -0.002))));
    },
  };
}

function arn(name: string): string {
  return machine(name, {}).arn;
}

const machines = ['retrain-model', 'roll-out-version'].map((name) => {
  const text = readFileSync(new URL(`../../state-machines/${name}.asl.json`, import.meta.url), 'utf8');
  return machine(name, JSON.parse(text), {
    ...Object.fromEntries(Object.keys(backgroundFunctions).map((key) => [key, key])),
    rollOutVersionArn: arn('roll-out-version'),
  });
});

/** The SDK's client, answered by the embedded engine instead of over HTTP. */
function clientOf(
  call: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>,
): SFNClient {
  const client = new SFNClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  client.middlewareStack.add(
    (_next, context) =>
      async ({ input }) => {
        try {
          const output = await call(String(context.commandName).replace(/Command$/, ''), { ...input });
          return { response: {}, output: { $metadata: {}, ...output } };
        } catch (error) {
          throw error instanceof ServiceError ? Object.assign(new Error(error.message), { name: error.code }) : error;
        }
      },
    { step: 'initialize' },
  );
  return client;
}

function holdoutRows(scoreShift: number): string {
  const row = (index: number) => {
    const isLate = index % 2 === 1;
    const shift = isLate ? scoreShift : -scoreShift;
    return {
      predictionId: `f${index}`,
      predictedAt: hour(-100 + index * 0.12),
      label: isLate ? 1 : 0,
      championScore: isLate ? 0.6 : 0.4,
      candidateScore: (isLate ? 0.6 : 0.4) + shift,
    };
  };
  return Array.from({ length: 600 }, (_, index) => JSON.stringify(row(index))).join('\n');
}
