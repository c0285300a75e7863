import { functionNameOf } from '../services/arn.ts';
import { type Functions, type Guard, ServiceError } from '../types.ts';
import { isObject } from './json-path.ts';
import { runtimeError, StateError } from './state-error.ts';
import type { TaskResult } from './store.ts';

export type TaskEngines = {
  readonly functions: Functions;
  readonly guard: Guard;
  readonly startExecution: (input: Readonly<Record<string, unknown>>) => {
    readonly executionArn: string;
    readonly startDate: number;
  };
};

async function invoke(functions: Functions, reference: unknown, payload: unknown): Promise<TaskResult> {
  if (typeof reference !== 'string')
    throw runtimeError(`FunctionName is ${JSON.stringify(reference)}, expected a string`);
  const answer = await functions.invoke(functionNameOf(reference), payload);
  if (answer.ok) return { ok: true, output: answer.payload ?? null };
  const { errorType, errorMessage, trace } = answer;
  return { ok: false, error: errorType, cause: JSON.stringify({ errorMessage, errorType, trace: trace ?? [] }) };
}

async function invokeWithEnvelope(
  functions: Functions,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TaskResult> {
  const result = await invoke(functions, parameters.FunctionName, parameters.Payload ?? {});
  return result.ok
    ? {
        ok: true,
        output: { ExecutedVersion: '$LATEST', Payload: result.output, StatusCode: 200 },
      }
    : result;
}

function startExecution(
  engines: TaskEngines,
  { StateMachineArn, Name, Input = {} }: Readonly<Record<string, unknown>>,
): TaskResult {
  const input = { stateMachineArn: StateMachineArn, input: typeof Input === 'string' ? Input : JSON.stringify(Input) };
  const { executionArn, startDate } = engines.startExecution(Name === undefined ? input : { ...input, name: Name });
  return { ok: true, output: { ExecutionArn: executionArn, StartDate: startDate } };
}

async function dispatch(engines: TaskEngines, resource: string, parameters: unknown): Promise<TaskResult> {
  if (resource.startsWith('arn:aws:lambda:')) return invoke(engines.functions, resource, parameters);
  if (!isObject(parameters))
    throw runtimeError(`${resource} received ${JSON.stringify(parameters)}, expected Parameters`);
  return resource.endsWith(':states:startExecution')
    ? startExecution(engines, parameters)
    : invokeWithEnvelope(engines.functions, parameters);
}

/** What the machine's role must be allowed to do before the task runs. */
function neededFor(resource: string, parameters: unknown) {
  const { FunctionName, StateMachineArn } = Object(parameters);
  if (resource.endsWith(':states:startExecution'))
    return { action: 'states:StartExecution', resource: String(StateMachineArn) };
  const lambda = resource.startsWith('arn:aws:lambda:') ? resource : FunctionName;
  return { action: 'lambda:InvokeFunction', resource: String(lambda) };
}

/** Runs one task as `roleArn`; what a service refuses comes back as `<Service>.<Code>Exception`. */
export async function callResource(
  engines: TaskEngines,
  roleArn: string,
  resource: string,
  parameters: unknown,
): Promise<TaskResult> {
  try {
    const refusal = engines.guard({ principal: roleArn, ...neededFor(resource, parameters) });
    if (refusal !== undefined) throw new ServiceError('AWSLambdaException', refusal, 403);
    return await dispatch(engines, resource, parameters);
  } catch (error) {
    if (error instanceof StateError) return { ok: false, error: error.error, cause: error.message };
    if (!(error instanceof ServiceError)) throw error;
    const prefix = resource.includes(':states:::states:') ? 'StepFunctions' : 'Lambda';
    return { ok: false, error: `${prefix}.${error.code.replace(/Exception$/, '')}Exception`, cause: error.message };
  }
}
