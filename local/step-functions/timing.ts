import { isTimestamp } from './choice-rule.ts';
import type { Task, Wait } from './definition.ts';
import type { Scope } from './json-path.ts';
import { runtimeError } from './state-error.ts';
import type { Deadlines } from './store.ts';

/** Whether `ErrorEquals` of a retrier or catcher names this error. */
export function matches(names: readonly string[], error: string): boolean {
  if (names.includes(error)) return true;
  if (error === 'States.HeartbeatTimeout' && names.includes('States.Timeout')) return true;
  if (error === 'States.Runtime' || error === 'States.DataLimitExceeded') return false;
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout');
}

/** When a `Wait` state ends. */
export function wakeTime(state: Wait, scope: Scope, enteredAt: number): number {
  const timestamp = state.Timestamp ?? state.TimestampPath?.(scope);
  if (timestamp !== undefined) {
    if (!isTimestamp(timestamp))
      throw runtimeError(`TimestampPath gave ${JSON.stringify(timestamp)}, expected an ISO-8601 time`);
    return Date.parse(timestamp);
  }
  const seconds = state.Seconds ?? state.SecondsPath?.(scope);
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0) return enteredAt + seconds * 1_000;
  throw runtimeError(`SecondsPath gave ${JSON.stringify(seconds)}, expected a whole number of seconds`);
}

function positiveMillis(seconds: unknown, field: string): number | undefined {
  if (seconds === undefined) return undefined;
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0) return seconds * 1_000;
  throw runtimeError(`${field} is ${JSON.stringify(seconds)}, expected a positive whole number of seconds`);
}

/** `TimeoutSeconds` and `HeartbeatSeconds` of a task that starts now. */
export function deadlines(state: Task, scope: Scope, now: number): Deadlines {
  const timeout = positiveMillis(state.TimeoutSeconds ?? state.TimeoutSecondsPath?.(scope), 'TimeoutSeconds');
  const heartbeat = positiveMillis(state.HeartbeatSeconds ?? state.HeartbeatSecondsPath?.(scope), 'HeartbeatSeconds');
  return {
    ...(timeout !== undefined && { timeoutAt: now + timeout }),
    ...(heartbeat !== undefined && { heartbeatAt: now + heartbeat, heartbeatMillis: heartbeat }),
  };
}

/** The retrier that applies to this error and its delay; undefined when there is none or it has no attempts left. */
export function nextRetry(
  state: Task,
  retries: readonly number[],
  error: string,
): { readonly index: number; readonly delayMillis: number } | undefined {
  const index = state.Retry.findIndex((retrier) => matches(retrier.ErrorEquals, error));
  const retrier = state.Retry[index];
  const count = retries[index] ?? 0;
  if (!retrier || count >= retrier.MaxAttempts) return undefined;
  const seconds = Math.min(
    retrier.IntervalSeconds * retrier.BackoffRate ** count,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  return { index, delayMillis: Math.round(seconds * 1_000) };
}
