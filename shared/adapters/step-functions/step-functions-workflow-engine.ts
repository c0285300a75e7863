import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { traceHeader } from '../../observability/trace-header.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { callDependency } from '../dependency-error.ts';

export type WorkflowArns = Partial<
  Readonly<Record<'retrainModel' | 'rollOutVersion' | 'rebuildGraph' | 'importGraph' | 'joinGroundTruth', string>>
>;

/** Each function is given the workflows it may start or stop; asking for another throws. */
export function createStepFunctionsWorkflowEngine({
  client,
  arns = {},
}: {
  readonly client: SFNClient;
  readonly arns?: WorkflowArns;
}): WorkflowEngine {
  const arnOf = (workflow: keyof WorkflowArns): string => {
    const arn = arns[workflow];
    if (arn === undefined) throw new Error(`workflow ${workflow} was not given to this function`);
    return arn;
  };
  return {
    start: async (workflow, name, input) => {
      const trace = traceHeader();
      const start = new StartExecutionCommand({
        stateMachineArn: arnOf(workflow),
        name,
        input: JSON.stringify(input),
        ...(trace !== undefined && { traceHeader: trace }),
      });
      await unless(['ExecutionAlreadyExists'], () => client.send(start));
    },
    stop: async (workflow, name, cause) => {
      const stop = new StopExecutionCommand({
        executionArn: executionArn(arnOf(workflow), name),
        error: 'Aborted',
        cause: cause.slice(0, 32_768),
      });
      await unless(['ExecutionDoesNotExist'], () => client.send(stop));
    },
    succeedTask: async (taskToken, output) => {
      await unless(noLongerAwaited, () =>
        client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
      );
    },
    failTask: async (taskToken, error, cause) => {
      const failure = new SendTaskFailureCommand({
        taskToken,
        error: error.slice(0, 256),
        cause: cause.slice(0, 32_768),
      });
      await unless(noLongerAwaited, () => client.send(failure));
    },
  };
}

const noLongerAwaited = ['TaskDoesNotExist', 'TaskTimedOut'];

async function unless(expected: readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await callDependency('Step Functions', call);
  } catch (error) {
    if (!(error instanceof Error) || !expected.includes(error.name)) throw error;
  }
}

/** `arn:aws:states:<region>:<account>:stateMachine:<machine>`, with or without an alias → `…:execution:<machine>:<name>` */
function executionArn(stateMachineArn: string, name: string): string {
  const machine = stateMachineArn.split(':').slice(0, 7).join(':');
  return `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
}
