import type { Clock } from '../types.ts';
import type { Machine, State, Task } from './definition.ts';
import type { Scope } from './json-path.ts';
import { runtimeError, StateError } from './state-error.ts';
import type { Deadlines, Execution, ExecutionStore, HistoryEvent, TaskResult } from './store.ts';
import { callResource, type TaskEngines } from './task-resources.ts';
import { taskToken } from './task-token.ts';
import { deadlines, matches, nextRetry, wakeTime } from './timing.ts';

/** Bytes of JSON that a payload, an input or an output may have. */
export const maximumPayloadBytes = 1_048_576;
/** As in AWS, where a history of 25,000 events ends an execution that never waits. */
const maximumVisits = 12_500;

type Failure = { readonly error: string; readonly cause: string };

function asFailure(error: unknown): Failure {
  if (!(error instanceof StateError)) throw error;
  return { error: error.error, cause: error.message };
}

function withinLimit(value: unknown): unknown {
  if (Buffer.byteLength(JSON.stringify(value) ?? '') <= maximumPayloadBytes) return value;
  throw new StateError(
    'States.DataLimitExceeded',
    `the state returned a result larger than ${maximumPayloadBytes} bytes`,
  );
}

const endEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
} as const;

/** Moves executions on, one journalled step at a time. */
export function createInterpreter(
  store: ExecutionStore,
  clock: Clock,
  machines: ReadonlyMap<string, Machine>,
  engines: TaskEngines,
) {
  const machineOf = (execution: Execution): Machine => {
    const machine = machines.get(execution.machineArn);
    if (!machine) throw runtimeError(`${execution.machineArn} is no state machine of the template`);
    return machine;
  };
  const stateOf = (execution: Execution): State => {
    const state = machineOf(execution).definition.States[execution.state];
    if (!state) throw runtimeError(`state ${execution.state} is no longer in ${execution.machineArn}`);
    return state;
  };
  const save = (execution: Execution, ...events: readonly HistoryEvent[]) => store.save(execution, clock.now(), events);

  function scopeOf(execution: Execution, data: unknown): Scope {
    const iso = (millis: number) => new Date(millis).toISOString();
    const { arn, name, input, startedAt, state, enteredAt, retries } = execution;
    const context = {
      Execution: { Id: arn, Input: input, Name: name, StartTime: iso(startedAt) },
      State: { Name: state, EnteredTime: iso(enteredAt), RetryCount: retries.reduce((sum, count) => sum + count, 0) },
      StateMachine: { Id: execution.machineArn, Name: machineOf(execution).name },
      Task: { Token: taskToken(execution) },
    };
    return { data, context };
  }

  /** The state's data after `InputPath`. */
  function inputScope(execution: Execution): Scope {
    const state = stateOf(execution);
    const scope = scopeOf(execution, execution.stateInput);
    const read = 'InputPath' in state ? state.InputPath : undefined;
    return read ? { ...scope, data: read(scope) } : scope;
  }

  function enter(execution: Execution, state: string, input: unknown, ...events: readonly HistoryEvent[]): Execution {
    const entered: Execution = {
      ...execution,
      state,
      stateInput: input,
      enteredAt: clock.now(),
      visit: execution.visit + 1,
      retries: [],
      phase: { kind: 'ready' },
    };
    const type = `${stateOf(entered).Type}StateEntered`;
    if (entered.visit <= maximumVisits) return save(entered, ...events, { type, details: { name: state, input } });
    return finish(execution, 'FAILED', {
      error: 'States.Runtime',
      cause: `more than ${maximumVisits} states were entered`,
    });
  }

  function finish(
    execution: Execution,
    status: keyof typeof endEvents,
    result: { readonly output: unknown } | Failure,
    ...events: readonly HistoryEvent[]
  ): Execution {
    const phase = { kind: 'ended' as const, at: clock.now(), ...result };
    return save({ ...execution, status, phase }, ...events, { type: endEvents[status], details: result });
  }

  /** Leaves the state with a result: `ResultPath`, `OutputPath`, then on to the next one. */
  function leave(execution: Execution, result: unknown, next?: string): Execution {
    const state = stateOf(execution);
    const input = inputScope(execution).data;
    const merged = 'ResultPath' in state && state.ResultPath ? state.ResultPath(execution.stateInput, result) : result;
    const scope = scopeOf(execution, merged === undefined ? input : merged);
    const output = withinLimit('OutputPath' in state && state.OutputPath ? state.OutputPath(scope) : scope.data);
    const event = { type: `${state.Type}StateExited`, details: { name: execution.state, output } };
    const target = next ?? ('Next' in state ? state.Next : undefined);
    return target === undefined
      ? finish(execution, 'SUCCEEDED', { output }, event)
      : enter(execution, target, output, event);
  }

  function failed(execution: Execution, failure: Failure): Execution {
    const state = stateOf(execution);
    if (state.Type !== 'Task') return finish(execution, 'FAILED', failure);
    const event = { type: failure.error.endsWith('Timeout') ? 'TaskTimedOut' : 'TaskFailed', details: failure };
    const retry = nextRetry(state, execution.retries, failure.error);
    if (retry) {
      const retries = state.Retry.map((_, i) => (execution.retries[i] ?? 0) + (i === retry.index ? 1 : 0));
      return save(
        { ...execution, retries, phase: { kind: 'asleep', until: clock.now() + retry.delayMillis, after: 'retry' } },
        event,
      );
    }
    const catcher = state.Catch.find(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
    if (!catcher) return finish(execution, 'FAILED', failure, event);
    const output = { Error: failure.error, Cause: failure.cause };
    return enter(
      execution,
      catcher.Next,
      catcher.ResultPath ? catcher.ResultPath(execution.stateInput, output) : output,
      event,
    );
  }

  function answered(execution: Execution, result: TaskResult): Execution {
    if (!result.ok) return failed(execution, result);
    const state = stateOf(execution);
    const selector = state.Type === 'Task' ? state.ResultSelector : undefined;
    const selected = selector ? selector(scopeOf(execution, result.output)) : result.output;
    return leave(execution, withinLimit(selected));
  }

  async function call(execution: Execution, state: Task): Promise<Execution> {
    const scope = inputScope(execution);
    const parameters = withinLimit(state.Parameters ? state.Parameters(scope) : scope.data);
    const times =
      execution.phase.kind === 'calling'
        ? execution.phase
        : { ...deadlines(state, scope, clock.now()), kind: 'calling' as const };
    const calling = save(
      { ...execution, phase: times },
      { type: 'TaskScheduled', details: { resource: state.Resource } },
    );
    const answer = await callResource(engines, machineOf(execution).roleArn, state.Resource, parameters);
    const isLate = times.timeoutAt !== undefined && times.timeoutAt <= clock.now();
    const result = isLate
      ? { ok: false as const, error: 'States.Timeout', cause: `${execution.state} gave no answer in time` }
      : answer;
    const current = store.get(execution.arn) ?? calling;
    // Stopped or answered through its token in the meantime.
    if (current.phase.kind !== 'calling' || taskToken(current) !== taskToken(calling)) return current;
    if (result.ok && state.Resource.endsWith('.waitForTaskToken'))
      return save({ ...current, phase: { ...current.phase, kind: 'awaiting-token' } });
    return save({ ...current, phase: { kind: 'answered', result } }, ...(result.ok ? [{ type: 'TaskSucceeded' }] : []));
  }

  async function run(execution: Execution): Promise<Execution> {
    const state = stateOf(execution);
    const scope = () => inputScope(execution);
    switch (state.Type) {
      case 'Task':
        return call(execution, state);
      case 'Wait':
        return save({
          ...execution,
          phase: { kind: 'asleep', until: wakeTime(state, scope(), execution.enteredAt), after: 'wait' },
        });
      case 'Pass':
        return leave(execution, state.Result ?? (state.Parameters ? state.Parameters(scope()) : scope().data));
      case 'Succeed':
        return leave(execution, undefined);
      case 'Choice': {
        const chosen = state.Choices.find(({ holds }) => holds(scope()))?.next ?? state.Default;
        if (chosen === undefined)
          throw new StateError('States.NoChoiceMatched', `no choice of ${execution.state} matched`);
        return leave(execution, undefined, chosen);
      }
      case 'Fail': {
        const error = String(state.Error ?? state.ErrorPath?.(scope()) ?? '');
        return finish(execution, 'FAILED', { error, cause: String(state.Cause ?? state.CausePath?.(scope()) ?? '') });
      }
    }
  }

  function overdue(execution: Execution, times: Deadlines): Execution {
    const isTimeout = times.timeoutAt !== undefined && times.timeoutAt <= clock.now();
    return failed(execution, {
      error: isTimeout ? 'States.Timeout' : 'States.HeartbeatTimeout',
      cause: `${execution.state} gave no answer in time`,
    });
  }

  async function step(execution: Execution): Promise<Execution> {
    const { phase, timeoutAt } = execution;
    if (timeoutAt !== undefined && timeoutAt <= clock.now()) {
      return finish(execution, 'TIMED_OUT', {
        error: 'States.Timeout',
        cause: 'the execution ran longer than TimeoutSeconds',
      });
    }
    switch (phase.kind) {
      case 'ready':
      case 'calling':
        return run(execution);
      case 'asleep':
        return phase.after === 'wait' ? leave(execution, undefined) : save({ ...execution, phase: { kind: 'ready' } });
      case 'answered':
        return answered(execution, phase.result);
      case 'awaiting-token':
        return overdue(execution, phase);
      case 'ended':
        return execution;
    }
  }

  /** One step; an error of the state itself goes to its `Retry` and `Catch`. */
  async function advance(execution: Execution): Promise<Execution> {
    try {
      return await step(execution);
    } catch (error) {
      return recover(execution, asFailure(error));
    }
  }

  function recover(execution: Execution, failure: Failure): Execution {
    try {
      return failed(execution, failure);
    } catch (error) {
      return finish(execution, 'FAILED', asFailure(error));
    }
  }

  return { enter, advance };
}
