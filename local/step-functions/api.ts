import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Clock, ServiceError } from '../types.ts';
import type { Machine } from './definition.ts';
import { maximumPayloadBytes } from './interpreter.ts';
import type { Execution, ExecutionStore, HistoryEvent, TaskResult } from './store.ts';
import { executionOfToken, taskToken } from './task-token.ts';

/** Ended executions and their names are kept this long. */
const retentionMillis = 90 * 86_400_000;

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
// Lists come in one page whatever `maxResults` says; a client must cope with any page size.
const inputs = {
  StartExecution: z.object({
    stateMachineArn: z.string(),
    name: z
      .string()
      .regex(/^[\w-]{1,80}$/)
      .optional(),
    input: z.string().default('{}'),
  }),
  DescribeExecution: z.object({ executionArn: z.string() }),
  StopExecution: z.object({ executionArn: z.string(), error: z.string().default(''), cause: z.string().default('') }),
  ListExecutions: z.object({ stateMachineArn: z.string(), statusFilter: z.enum(statuses).optional() }),
  GetExecutionHistory: z.object({ executionArn: z.string(), reverseOrder: z.boolean().default(false) }),
  SendTaskSuccess: z.object({ taskToken: z.string(), output: z.string() }),
  SendTaskFailure: z.object({ taskToken: z.string(), error: z.string().default(''), cause: z.string().default('') }),
  SendTaskHeartbeat: z.object({ taskToken: z.string() }),
};

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ServiceError(
    issue?.path[0] === 'name' ? 'InvalidName' : 'ValidationException',
    `${issue?.path.join('.')}: ${issue?.message}`,
  );
}

function parseJson(text: string, code: string): unknown {
  if (Buffer.byteLength(text) > maximumPayloadBytes)
    throw new ServiceError(code, `received more than ${maximumPayloadBytes} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError(code, 'received text that is not JSON');
  }
}

function summary({ arn, machineArn, name, status, startedAt, phase }: Execution) {
  const stopped = phase.kind === 'ended' ? { stopDate: phase.at / 1_000 } : {};
  return { executionArn: arn, stateMachineArn: machineArn, name, status, startDate: startedAt / 1_000, ...stopped };
}

function describe(execution: Execution) {
  const { phase } = execution;
  const result = phase.kind === 'ended' ? { error: phase.error, cause: phase.cause } : {};
  const output =
    phase.kind === 'ended' && execution.status === 'SUCCEEDED' ? { output: JSON.stringify(phase.output) } : {};
  return { ...summary(execution), input: JSON.stringify(execution.input), ...output, ...result };
}

/** `{type, details}` in the wire's shape: `stateEnteredEventDetails` and so on, payloads as JSON text. */
function historyEvent({ id, at, event }: { readonly id: number; readonly at: number; readonly event: HistoryEvent }) {
  const { input, output, ...others } = event.details ?? {};
  const texts = {
    ...(input !== undefined && { input: JSON.stringify(input) }),
    ...(output !== undefined && { output: JSON.stringify(output) }),
  };
  const name = event.type.replace(/^\w+(State(?:Entered|Exited))$/, '$1');
  const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`;
  return { id, previousEventId: id - 1, timestamp: at / 1_000, type: event.type, [field]: { ...others, ...texts } };
}

export type Machines = {
  readonly machines: ReadonlyMap<string, Machine>;
  /** ARNs of versions and aliases. */
  readonly published: ReadonlySet<string>;
};

/** `arn:aws:states:…:stateMachine:<name>:<version or alias>` without the last part. */
function unqualified(arn: string): string {
  return arn.slice(0, arn.lastIndexOf(':'));
}

/** The service's operations; see the AWS API reference for their errors. */
export function createApi(
  store: ExecutionStore,
  clock: Clock,
  { machines, published }: Machines,
  begin: (execution: Execution) => void,
) {
  const forgetOld = () => store.forget(clock.now() - retentionMillis);

  function machineOf(arn: string): Machine {
    const machine = machines.get(published.has(arn) ? unqualified(arn) : arn);
    if (!machine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  function find(arn: string): Execution {
    forgetOld();
    const execution = store.get(arn);
    if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  function startExecution(parameters: unknown) {
    const { stateMachineArn, name = randomUUID(), input: text } = parse(inputs.StartExecution, parameters);
    const machine = machineOf(stateMachineArn);
    const input = parseJson(text, 'InvalidExecutionInput');
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    forgetOld();
    const existing = store.get(arn);
    if (existing) {
      const isSame = existing.status === 'RUNNING' && JSON.stringify(existing.input) === JSON.stringify(input);
      if (!isSame) throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      return { executionArn: arn, startDate: existing.startedAt / 1_000 };
    }
    begin(newExecution(arn, machine, name, input, clock.now()));
    return { executionArn: arn, startDate: clock.now() / 1_000 };
  }

  /** The running execution whose current task bears this token. */
  function findTask(token: string): Execution {
    const arn = executionOfToken(token);
    if (arn === undefined) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
    const execution = store.get(arn);
    if (!execution) throw new ServiceError('TaskDoesNotExist', `Task does not exist: '${token}'`);
    const isOpen = execution.phase.kind === 'calling' || execution.phase.kind === 'awaiting-token';
    if (!isOpen || taskToken(execution) !== token)
      throw new ServiceError('TaskTimedOut', 'the task has been closed or has timed out');
    return execution;
  }

  function answer(token: string, result: TaskResult): object {
    store.save(
      { ...findTask(token), phase: { kind: 'answered', result } },
      clock.now(),
      result.ok ? [{ type: 'TaskSucceeded' }] : [],
    );
    return {};
  }

  const operations: Readonly<Record<string, (input: unknown) => object>> = {
    StartExecution: startExecution,
    DescribeExecution: (input) => describe(find(parse(inputs.DescribeExecution, input).executionArn)),
    StopExecution(input) {
      const { executionArn, error, cause } = parse(inputs.StopExecution, input);
      const execution = find(executionArn);
      if (execution.phase.kind === 'ended') return { stopDate: execution.phase.at / 1_000 };
      const at = clock.now();
      store.save({ ...execution, status: 'ABORTED', phase: { kind: 'ended', at, error, cause } }, at, [
        { type: 'ExecutionAborted', details: { error, cause } },
      ]);
      return { stopDate: at / 1_000 };
    },
    ListExecutions(input) {
      const { stateMachineArn, statusFilter } = parse(inputs.ListExecutions, input);
      forgetOld();
      return { executions: store.list(machineOf(stateMachineArn).arn, statusFilter).map(summary) };
    },
    GetExecutionHistory(input) {
      const { executionArn, reverseOrder } = parse(inputs.GetExecutionHistory, input);
      const events = store.history(find(executionArn).arn).map(historyEvent);
      return { events: reverseOrder ? events.reverse() : events };
    },
    SendTaskSuccess(input) {
      const { taskToken: token, output } = parse(inputs.SendTaskSuccess, input);
      return answer(token, { ok: true, output: parseJson(output, 'InvalidOutput') });
    },
    SendTaskFailure(input) {
      const { taskToken: token, error, cause } = parse(inputs.SendTaskFailure, input);
      return answer(token, { ok: false, error, cause });
    },
    SendTaskHeartbeat(input) {
      const execution = findTask(parse(inputs.SendTaskHeartbeat, input).taskToken);
      const { phase } = execution;
      if (phase.kind !== 'calling' && phase.kind !== 'awaiting-token') return {};
      const { heartbeatMillis } = phase;
      if (heartbeatMillis !== undefined)
        store.save({ ...execution, phase: { ...phase, heartbeatAt: clock.now() + heartbeatMillis } }, clock.now());
      return {};
    },
  };

  async function handle(operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!handler) throw new ServiceError('UnknownOperationException', `${operation} is not emulated`);
    return handler(input);
  }

  return { startExecution, handle };
}

function newExecution(arn: string, machine: Machine, name: string, input: unknown, startedAt: number): Execution {
  const seconds = machine.definition.TimeoutSeconds;
  return {
    arn,
    machineArn: machine.arn,
    name,
    status: 'RUNNING',
    input,
    startedAt,
    ...(seconds !== undefined && { timeoutAt: startedAt + seconds * 1_000 }),
    state: machine.definition.StartAt,
    stateInput: input,
    enteredAt: startedAt,
    visit: 0,
    retries: [],
    phase: { kind: 'ready' },
  };
}
