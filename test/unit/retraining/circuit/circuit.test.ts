import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunwayError } from '../../../../shared/domain/errors.ts';
import { admission } from '../../../../shared/domain/retraining/circuit/admission.ts';
import {
  type CircuitCommand,
  type CircuitEvent,
  type CircuitState,
  circuitLimits,
  closedCircuit,
} from '../../../../shared/domain/retraining/circuit/circuit.ts';
import { decideCircuit } from '../../../../shared/domain/retraining/circuit/decide-circuit.ts';
import { evolveCircuit } from '../../../../shared/domain/retraining/circuit/evolve-circuit.ts';
import { toInstant } from '../../../../shared/domain/time.ts';

const start = Date.UTC(2001, 1, 1);
const at = (seconds: number) => toInstant(start + seconds * 1_000);
const fails: CircuitCommand = { type: 'RecordFailure', reason: 'no connection' };
const answers: CircuitCommand = { type: 'RecordAnswer' };
const asks = (startId: string): CircuitCommand => ({ type: 'AdmitStart', startId });

function changed(state: CircuitState, command: CircuitCommand, now: string): CircuitState {
  return decideCircuit(command, state, now).reduce(evolveCircuit, state);
}

function given(...steps: readonly (readonly [number, CircuitCommand])[]): CircuitState {
  return steps.reduce<CircuitState>((state, [seconds, command]) => changed(state, command, at(seconds)), closedCircuit);
}

const fiveFailures = [0, 1, 2, 3, 4].map((second) => [second, fails] as const);

describe('a closed circuit', () => {
  it('opens at the fifth failure in a row', () => {
    expect(given(...fiveFailures.slice(1)).status).toBe('closed');
    expect(given(...fiveFailures)).toEqual({
      status: 'open',
      openedAt: at(4),
      until: at(64),
      openings: 1,
      reason: 'no connection',
    });
  });

  it('counts anew after any answer', () => {
    expect(given(...fiveFailures.slice(1), [5, answers], ...fiveFailures.slice(1)).status).toBe('closed');
  });

  it('writes nothing while all is well', () => {
    expect(decideCircuit(asks('a'), closedCircuit, at(0))).toEqual([]);
    expect(decideCircuit(answers, closedCircuit, at(0))).toEqual([]);
  });
});

describe('an open circuit', () => {
  const open = given(...fiveFailures);

  it('lets nothing through before its back-off ends, and says when that is', () => {
    expect(() => changed(open, asks('a'), at(63))).toThrow(expect.objectContaining({ name: 'CircuitOpen' }));
    expect(admission(open, circuitLimits, at(63))).toEqual({ admitted: false, retryAt: at(64) });
  });

  it('is moved neither by late failures nor by late answers', () => {
    expect(decideCircuit(fails, open, at(30))).toEqual([]);
    expect(decideCircuit(answers, open, at(30))).toEqual([]);
  });

  it('lets two probes through after its back-off, each once', () => {
    const one = changed(open, asks('a'), at(64));
    expect(decideCircuit(asks('a'), one, at(65))).toEqual([]);
    const two = changed(one, asks('b'), at(65));
    expect(() => changed(two, asks('c'), at(66))).toThrow(expect.objectContaining({ name: 'CircuitOpen' }));
    expect(admission(two, circuitLimits, at(66))).toEqual({ admitted: false, retryAt: at(184) });
  });

  it('gives up probes that nobody reports on', () => {
    const two = given(...fiveFailures, [64, asks('a')], [65, asks('b')]);
    expect(changed(two, asks('c'), at(184))).toMatchObject({
      status: 'half-open',
      probes: [{ startId: 'b' }, { startId: 'c' }],
    });
  });

  it('waits twice as long after each failed probe, up to half an hour', () => {
    let state: CircuitState = open;
    const waits: number[] = [];
    for (let opening = 0; opening < 8; opening += 1) {
      if (state.status !== 'open') throw new Error('expected an open circuit');
      waits.push((Date.parse(state.until) - Date.parse(state.openedAt)) / 1_000);
      state = changed(changed(state, asks('a'), state.until), fails, state.until);
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1_800, 1_800, 1_800]);
  });
});

describe('a circuit that drains', () => {
  const draining = given(...fiveFailures, [64, asks('a')], [70, answers]);
  const names = ['b', 'c', 'd', 'e', 'f'];
  const full = names.reduce((state, name, index) => changed(state, asks(name), at(71 + index)), draining);

  it('lets five starts through a minute, each once', () => {
    expect(full.status).toBe('draining');
    expect(decideCircuit(asks('f'), full, at(80))).toEqual([]);
    expect(() => changed(full, asks('g'), at(80))).toThrow(expect.objectContaining({ name: 'CircuitOpen' }));
    expect(admission(full, circuitLimits, at(80))).toEqual({ admitted: false, retryAt: at(131) });
    expect(changed(full, asks('g'), at(131)).status).toBe('draining');
  });

  it('opens again at the first failure', () => {
    expect(changed(full, fails, at(80))).toMatchObject({ status: 'open', openings: 2, until: at(200) });
  });

  it('closes after five minutes', () => {
    expect(changed(draining, answers, at(369)).status).toBe('draining');
    expect(changed(draining, answers, at(370))).toEqual(closedCircuit);
    expect(changed(full, asks('z'), at(370))).toEqual(closedCircuit);
  });
});

describe('any history', () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.nat(12).map((name) => asks(`s${name}`)) },
    { weight: 2, arbitrary: fc.constant(fails) },
    { weight: 1, arbitrary: fc.constant(answers) },
  );
  // Pauses of seconds, and now and then of hours; functions' clocks differ, so time may step back.
  const pause = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -3, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 7_200 }) },
  );
  const history = fc.array(fc.record({ command, pause }), { maxLength: 150 });

  type Visited = {
    readonly state: CircuitState;
    readonly next: CircuitState;
    readonly events: readonly CircuitEvent[];
    readonly now: string;
    readonly command: CircuitCommand;
  };
  function* walk(steps: readonly { readonly command: CircuitCommand; readonly pause: number }[]): Generator<Visited> {
    let state: CircuitState = closedCircuit;
    let seconds = 0;
    for (const step of steps) {
      seconds += step.pause;
      const now = at(seconds);
      const events = decided(step.command, state, now);
      if (events === undefined) continue;
      const next: CircuitState = events.reduce(evolveCircuit, state);
      yield { state, next, events, now, command: step.command };
      state = next;
    }
  }

  it('lets nothing start while open', () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const {
          state,
          now,
          command: { type },
        } of walk(steps))
          if (type === 'AdmitStart' && state.status === 'open') expect(now >= state.until).toBe(true);
      }),
    );
  });

  it('opens only after five failures in a row, or after one while it recovers', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let inARow = 0;
        for (const {
          state,
          events,
          command: { type },
        } of walk(steps)) {
          if (type === 'RecordAnswer') inARow = 0;
          if (type === 'RecordFailure') inARow += 1;
          const opens = events.some((event) => event.type === 'CircuitOpened');
          if (opens && state.status === 'closed') expect(inARow).toBeGreaterThanOrEqual(5);
          if (opens) expect(type).toBe('RecordFailure');
        }
      }),
    );
  });

  it('never has more probes or starts under way than the limits', () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { next } of walk(steps)) {
          if (next.status === 'half-open') expect(next.probes.length).toBeLessThanOrEqual(circuitLimits.probes);
          if (next.status === 'draining')
            expect(next.starts.length).toBeLessThanOrEqual(circuitLimits.drainStartsPerMinute);
        }
      }),
    );
  });

  it('ends closed once the orchestrator answers again', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const last = [...walk(steps)].at(-1);
        let state = last?.next ?? closedCircuit;
        let now = Date.parse(last?.now ?? at(0));
        for (let tries = 0; tries < 60 && state.status !== 'closed'; tries += 1) {
          now += 60_000;
          if (decided(asks(`t${tries}`), state, toInstant(now)) === undefined) continue;
          state = changed(state, asks(`t${tries}`), toInstant(now));
          state = changed(state, answers, toInstant(now));
        }
        expect(state.status).toBe('closed');
      }),
    );
  });

  it('admits what admission says it would', () => {
    fc.assert(
      fc.property(history, fc.nat(3_600), (steps, seconds) => {
        const last = [...walk(steps)].at(-1);
        const state = last?.next ?? closedCircuit;
        const now = toInstant(Date.parse(last?.now ?? at(0)) + seconds * 1_000);
        expect(decided(asks('new'), state, now) !== undefined).toBe(admission(state, circuitLimits, now).admitted);
      }),
    );
  });
});

function decided(command: CircuitCommand, state: CircuitState, now: string): readonly CircuitEvent[] | undefined {
  try {
    return decideCircuit(command, state, now);
  } catch (error) {
    if (isRunwayError(error) && error.name === 'CircuitOpen') return undefined;
    throw error;
  }
}
