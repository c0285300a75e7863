import { RunwayError } from '../../errors.ts';
import { type Instant, toInstant, toMillis } from '../../time.ts';
import { admission, openProbes, recentStarts } from './admission.ts';
import {
  type CircuitCommand,
  type CircuitEvent,
  type CircuitLimits,
  type CircuitState,
  circuitLimits,
} from './circuit.ts';

/**
 * What a command does to the circuit; nothing when all is well, so that a healthy orchestrator costs no write. Throws
 * `CircuitOpen` for a start that may not be asked for now. Circuit breaker: Nygard, *Release It!* (2nd ed. 2018),
 * chapter 5; the limited drain keeps a recovered orchestrator from being flooded by what waited.
 */
export function decideCircuit(
  command: CircuitCommand,
  state: CircuitState,
  now: Instant,
  limits: CircuitLimits = circuitLimits,
): readonly CircuitEvent[] {
  switch (command.type) {
    case 'AdmitStart':
      return admit(command.startId, state, now, limits);
    case 'RecordAnswer':
      return recordAnswer(state, now, limits);
    case 'RecordFailure':
      return recordFailure(command.reason, state, now, limits);
  }
}

function admit(startId: string, state: CircuitState, now: Instant, limits: CircuitLimits): readonly CircuitEvent[] {
  if (isUnderWay(startId, state, now)) return [];
  const answer = admission(state, limits, now);
  if (!answer.admitted)
    throw new RunwayError(
      'CircuitOpen',
      'circuit-open',
      `the circuit is ${state.status}, expected after ${answer.retryAt}`,
    );
  switch (state.status) {
    case 'closed':
      return [];
    case 'open':
    case 'half-open':
      return [
        { type: 'CircuitProbed', schemaVersion: 1, startId, probedAt: now, until: later(now, limits.probeSeconds) },
      ];
    case 'draining':
      return now >= state.until
        ? [{ type: 'CircuitClosed', schemaVersion: 1 }]
        : [{ type: 'CircuitDrainStarted', schemaVersion: 1, startId, at: now }];
  }
}

/** A start that is repeated, after a crash say, takes no second place. */
function isUnderWay(startId: string, state: CircuitState, now: Instant): boolean {
  if (state.status === 'half-open') return openProbes(state.probes, now).some((probe) => probe.startId === startId);
  return state.status === 'draining' && recentStarts(state.starts, now).some((start) => start.startId === startId);
}

function recordAnswer(state: CircuitState, now: Instant, limits: CircuitLimits): readonly CircuitEvent[] {
  switch (state.status) {
    case 'closed':
      return state.failures > 0 ? [{ type: 'CircuitFailuresReset', schemaVersion: 1 }] : [];
    // An answer to what was asked before it opened proves nothing about now.
    case 'open':
      return [];
    case 'half-open':
      return [{ type: 'CircuitDraining', schemaVersion: 1, until: later(now, limits.drainMinutes * 60) }];
    case 'draining':
      return now >= state.until ? [{ type: 'CircuitClosed', schemaVersion: 1 }] : [];
  }
}

function recordFailure(
  reason: string,
  state: CircuitState,
  now: Instant,
  limits: CircuitLimits,
): readonly CircuitEvent[] {
  switch (state.status) {
    case 'closed':
      return state.failures + 1 >= limits.failuresToOpen
        ? [opened(reason, 1, now, limits)]
        : [{ type: 'CircuitFailureCounted', schemaVersion: 1, reason }];
    // What was asked before it opened may fail as late as it likes: the back-off is not prolonged.
    case 'open':
      return [];
    case 'half-open':
    case 'draining':
      return [opened(reason, state.openings + 1, now, limits)];
  }
}

function opened(reason: string, openings: number, now: Instant, limits: CircuitLimits): CircuitEvent {
  const { firstBackOffSeconds, maximumBackOffSeconds } = limits;
  const seconds = Math.min(maximumBackOffSeconds, firstBackOffSeconds * 2 ** (openings - 1));
  return { type: 'CircuitOpened', schemaVersion: 1, openedAt: now, until: later(now, seconds), openings, reason };
}

function later(now: Instant, seconds: number): Instant {
  return toInstant(toMillis(now) + seconds * 1_000);
}
