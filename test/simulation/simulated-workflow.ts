import type { Scheduler } from './scheduler.ts';

/** What a state machine's text holds of what is honoured here. */
type State = {
  readonly Type: 'Task' | 'Choice' | 'Succeed';
  readonly Resource?: string;
  readonly Parameters?: { readonly FunctionName?: string; readonly Payload?: Readonly<Record<string, string>> };
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath?: string | null;
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds: number;
    readonly BackoffRate: number;
    readonly MaxAttempts: number;
  }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  readonly Choices?: readonly { readonly Variable: string; readonly StringEquals: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Next?: string;
};
export type Machine = { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };

/** As long as the platform lets a task wait. */
const endless = 365 * 86_400;

type Data = Record<string, unknown>;
export class TaskFailure extends Error {
  readonly error: string;
  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
  }
}

export type Hooks = {
  readonly scheduler: Scheduler;
  /** Calls a function; throws `TaskFailure` when it fails or dies. */
  readonly invoke: (name: string, payload: Data) => Promise<unknown>;
  readonly startExecution: (state: string, data: Data) => void;
  /** The answer to a task token; never settles without one. */
  readonly answerTo: (token: string) => Promise<unknown>;
  readonly newToken: () => string;
};

/** Runs the deployed text of a state machine: tasks, task tokens, retries, catches, choices. Throws on anything else. */
export async function runMachine({ StartAt, States }: Machine, input: Data, hooks: Hooks): Promise<void> {
  let data = input;
  let name: string | undefined = StartAt;
  while (name !== undefined) {
    const state: State = States[name]!;
    if (state.Type === 'Succeed') return;
    if (state.Type === 'Choice') {
      const chosen = state.Choices?.find(({ Variable, StringEquals }) => read(data, Variable) === StringEquals);
      name = chosen?.Next ?? state.Default;
      continue;
    }
    if (state.Type !== 'Task') throw new Error(`a state of type ${state.Type}, expected one that is simulated`);
    try {
      const result = await attempts(name, state, data, hooks);
      data = write(data, state.ResultPath, select(state.ResultSelector, result));
      name = state.Next;
    } catch (failure) {
      if (!(failure instanceof TaskFailure)) throw failure;
      const caught = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
      // An execution that fails ends; the sweep closes what it leaves behind.
      if (caught === undefined) return;
      data = write(data, caught.ResultPath, { Error: failure.error, Cause: failure.message });
      name = caught.Next;
    }
  }
}

async function attempts(name: string, state: State, data: Data, hooks: Hooks): Promise<unknown> {
  const enteredAt = hooks.scheduler.now();
  const left = (state.Retry ?? []).map(({ MaxAttempts }) => MaxAttempts);
  for (;;) {
    try {
      return await attempt(name, state, data, { ...hooks, enteredAt });
    } catch (failure) {
      if (!(failure instanceof TaskFailure)) throw failure;
      const index = (state.Retry ?? []).findIndex(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
      if (index < 0 || left[index] === 0) throw failure;
      const { IntervalSeconds, BackoffRate, MaxAttempts } = state.Retry![index]!;
      await hooks.scheduler.sleep(IntervalSeconds * BackoffRate ** (MaxAttempts - left[index]!));
      left[index]! -= 1;
    }
  }
}

async function attempt(
  name: string,
  { Resource = '', Parameters, TimeoutSecondsPath }: State,
  data: Data,
  hooks: Hooks & { readonly enteredAt: string },
): Promise<unknown> {
  if (Resource.endsWith('states:startExecution')) {
    hooks.startExecution(name, data);
    return {};
  }
  const token = hooks.newToken();
  const payload = Object.fromEntries(
    Object.entries(Parameters?.Payload ?? {}).map(([key, path]) => [
      key.replace(/\.\$$/, ''),
      path === '$$.Task.Token' ? token : path === '$$.State.EnteredTime' ? hooks.enteredAt : read(data, path),
    ]),
  );
  const seconds = TimeoutSecondsPath === undefined ? endless : read(data, TimeoutSecondsPath);
  if (typeof seconds !== 'number') throw new TaskFailure('States.Runtime', `${TimeoutSecondsPath} is ${seconds}`);
  const call = hooks.invoke(Parameters?.FunctionName ?? '', payload);
  if (!Resource.endsWith('.waitForTaskToken')) return { Payload: await call };
  const timeout = hooks.scheduler.sleep(seconds).then(() => {
    throw new TaskFailure('States.Timeout', '');
  });
  // Only a failed call ends the task; a successful one goes on waiting for the answer.
  const failed = new Promise<never>((_, reject) => void call.catch(reject));
  return Promise.race([hooks.answerTo(token), timeout, failed]);
}

function matches(names: readonly string[], error: string): boolean {
  return names.includes(error) || (names.includes('States.ALL') && error !== 'States.Runtime');
}

function read(data: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Data | undefined)?.[key], data);
}

function select(selector: State['ResultSelector'], result: unknown): unknown {
  if (selector === undefined) return result;
  return Object.fromEntries(
    Object.entries(selector).map(([key, path]) => [key.replace(/\.\$$/, ''), read(result, path)]),
  );
}

function write(data: Data, path: string | null | undefined, value: unknown): Data {
  if (path === null) return data;
  return path === undefined ? (value as Data) : { ...data, [path.replace(/^\$\./, '')]: value };
}
