import { SFNClient } from '@aws-sdk/client-sfn';
import {
  createStepFunctionsOrchestrator,
  type StepFunctionsOptions,
} from '../../../shared/adapters/orchestrators/step-functions-orchestrator.ts';
import { toMillis } from '../../../shared/domain/time.ts';
import type { StandIn } from './orchestrator.contract.ts';
import { type Answer, createStandInServer } from './stand-in-server.ts';

const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:RankerTrainFlow';
const type = 'application/x-amz-json-1.0';

type Execution = { readonly arn: string; readonly input: string; status: string; stopDate?: number };
type Input = { name: string; input: string; stateMachineArn: string; executionArn: string };

const refuse = (name: string): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.states#${name}`, message: name },
  type,
});
const done = (body: unknown): Answer => ({ status: 200, body, type });

/** Speaks the JSON protocol of Step Functions, as documented: names are given once, unless the execution runs on the same input. */
export async function createStepFunctionsStandIn(
  input?: NonNullable<StepFunctionsOptions['input']>,
): Promise<StandIn & { readonly inputOf: (requestId: string) => unknown }> {
  const executions = new Map<string, Execution>();
  const server = await createStandInServer(({ headers, body }) => {
    const given = body as Input;
    switch (String(headers['x-amz-target']).split('.')[1]) {
      case 'StartExecution':
        return start(given, executions);
      case 'DescribeExecution':
        return describe(executions.get(given.executionArn));
      default:
        return executions.has(given.executionArn) ? done({ stopDate: 981_367_200 }) : refuse('ExecutionDoesNotExist');
    }
  });
  const client = new SFNClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'hush' },
    maxAttempts: 1,
  });
  const arnOf = (requestId: string) => `${machine.replace('stateMachine', 'execution')}:${requestId}`;
  return {
    server,
    pipeline: 'RankerTrainFlow',
    orchestrator: (limits) =>
      createStepFunctionsOrchestrator({ client, stateMachines: [machine], ...limits, ...(input && { input }) }),
    runsOf: (requestId) => (executions.has(arnOf(requestId)) ? 1 : 0),
    end: (requestId, state, now) => {
      const status = { succeeded: 'SUCCEEDED', failed: 'FAILED', stopped: 'ABORTED' }[state];
      const execution = executions.get(arnOf(requestId));
      if (execution) Object.assign(execution, { status, stopDate: toMillis(now) / 1_000 });
    },
    inputOf: (requestId) => JSON.parse(executions.get(arnOf(requestId))?.input ?? 'null'),
  };
}

function start({ stateMachineArn, name, input }: Input, executions: Map<string, Execution>): Answer {
  if (stateMachineArn !== machine) return refuse('StateMachineDoesNotExist');
  const arn = `${machine.replace('stateMachine', 'execution')}:${name}`;
  const before = executions.get(arn);
  if (before !== undefined && (before.input !== input || before.status !== 'RUNNING'))
    return refuse('ExecutionAlreadyExists');
  if (before === undefined) executions.set(arn, { arn, input, status: 'RUNNING' });
  return done({ executionArn: arn, startDate: 981_367_200 });
}

function describe(execution: Execution | undefined): Answer {
  if (execution === undefined) return refuse('ExecutionDoesNotExist');
  const { arn, status, stopDate } = execution;
  const failure = status === 'FAILED' && { error: 'States.TaskFailed', cause: 'Batch job failed' };
  return done({ executionArn: arn, stateMachineArn: machine, status, startDate: 981_367_200, stopDate, ...failure });
}
