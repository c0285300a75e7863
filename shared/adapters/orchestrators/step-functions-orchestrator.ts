import {
  DescribeExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { toInstant } from '../../domain/time.ts';
import type { Orchestrator, RunHandle, RunStatus, StartRequest, StartResult } from '../../ports/orchestrator.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { shortReason } from './answer-of.ts';
import type { CallLimits } from './call-json.ts';

export type StepFunctionsOptions = Pick<CallLimits, 'timeoutMilliseconds'> & {
  readonly client: SFNClient;
  /** ARNs of what may be started; a pipeline is the name of one. */
  readonly stateMachines: readonly string[];
  /** `metaflow`: as `step-functions create` deploys a flow, which takes its parameters as a text of JSON. @default 'plain' */
  readonly input?: 'plain' | 'metaflow';
};

const service = 'Step Functions';

/** Names of the API's errors that say that the request is wrong, not that the service is ill. */
const refusals: ReadonlySet<string> = new Set([
  'StateMachineDoesNotExist',
  'StateMachineDeleting',
  'InvalidExecutionInput',
  'InvalidName',
  'InvalidArn',
  'ValidationException',
]);

const states: Readonly<Record<string, RunStatus['state']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'stopped',
};

/**
 * Step Functions, plain or as Metaflow deploys flows to it. An execution is named after the request, and names are not
 * given twice within 90 days. A Metaflow run succeeds exactly when its execution does, whatever its last step is called,
 * so that its status needs no metadata service.
 */
export function createStepFunctionsOrchestrator(options: StepFunctionsOptions): Orchestrator {
  const { client, stateMachines, timeoutMilliseconds = 10_000 } = options;
  const abort = () => ({ abortSignal: AbortSignal.timeout(timeoutMilliseconds) });
  const status = async ({ id }: RunHandle): Promise<RunStatus> => {
    const answer = await send(() => client.send(new DescribeExecutionCommand({ executionArn: id }), abort()));
    if ('refused' in answer) {
      if (answer.refused === 'ExecutionDoesNotExist') return { state: 'unknown', reason: answer.reason };
      throw dependencyUnavailable(service, new Error(answer.reason));
    }
    return statusOf(answer.done);
  };
  return {
    start: async (request) => {
      const arn = stateMachines.find((candidate) => candidate.split(':')[6] === request.pipeline);
      if (arn === undefined)
        return {
          outcome: 'refused',
          reason: `the connection has no state machine ${JSON.stringify(request.pipeline)}`,
        };
      const input = JSON.stringify(inputOf(request, options.input));
      const command = new StartExecutionCommand({ stateMachineArn: arn, name: request.requestId, input });
      return startedAs(request, arn, await send(() => client.send(command, abort())));
    },
    status,
    stop: async (run, cause) => {
      const command = new StopExecutionCommand({
        executionArn: run.id,
        error: 'Stopped',
        cause: cause.slice(0, 32_768),
      });
      const answer = await send(() => client.send(command, abort()));
      return 'refused' in answer ? { outcome: 'refused', reason: answer.reason } : { outcome: 'asked' };
    },
  };
}

type Answer<T> = { readonly done: T } | { readonly refused: string; readonly reason: string };

const expected: ReadonlySet<string> = new Set([...refusals, 'ExecutionAlreadyExists', 'ExecutionDoesNotExist']);

async function send<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { done: await call() };
  } catch (error) {
    if (error instanceof Error && expected.has(error.name))
      return { refused: error.name, reason: shortReason(error.name, error.message) };
    throw dependencyUnavailable(service, error);
  }
}

function startedAs(
  { pipeline, requestId, now }: StartRequest,
  stateMachine: string,
  answer: Answer<{ readonly executionArn?: string | undefined }>,
): StartResult {
  const id = `${stateMachine.replace(':stateMachine:', ':execution:')}:${requestId}`;
  const run = { id, pipeline, requestedAt: now };
  if ('refused' in answer)
    return answer.refused === 'ExecutionAlreadyExists'
      ? { outcome: 'already-started', run }
      : { outcome: 'refused', reason: answer.reason };
  // A body that is cut off or no answer of Step Functions is read as one without members.
  if (answer.done.executionArn === undefined)
    throw dependencyUnavailable(service, new Error('no execution in the answer'));
  return { outcome: 'started', run: { ...run, id: answer.done.executionArn } };
}

function inputOf({ parameters }: StartRequest, input: StepFunctionsOptions['input']): unknown {
  return input === 'metaflow' ? { Parameters: JSON.stringify(parameters) } : parameters;
}

type Execution = {
  readonly status?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly startDate?: Date | undefined;
  readonly stopDate?: Date | undefined;
};

function statusOf({ status, error, cause, startDate, stopDate }: Execution): RunStatus {
  const state = states[status ?? ''];
  if (state === undefined) throw dependencyUnavailable(service, new Error(`status ${JSON.stringify(status)}`));
  return {
    state,
    ...((state === 'failed' || state === 'stopped') && { reason: shortReason(`execution ${status}`, error, cause) }),
    ...(startDate !== undefined && { startedAt: toInstant(startDate.getTime()) }),
    ...(stopDate !== undefined && { endedAt: toInstant(stopDate.getTime()) }),
  };
}
