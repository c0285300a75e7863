import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import {
  type CircuitCommand,
  type CircuitLimits,
  type CircuitState,
  closedCircuit,
} from '../../../shared/domain/retraining/circuit/circuit.ts';
import { decideCircuit } from '../../../shared/domain/retraining/circuit/decide-circuit.ts';
import { evolveCircuit } from '../../../shared/domain/retraining/circuit/evolve-circuit.ts';
import { minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { type Action, describeExplored, explore, stuckStates } from '../../support/explore.ts';
import { registeredAt } from '../retraining/flight-models.ts';

/** A start that was let through, and how the circuit stood before it. */
type Admitted = { readonly startId: string; readonly minute: number; readonly status: CircuitState['status'] };
type World = {
  readonly minute: number;
  readonly circuit: CircuitState;
  /** Of the last minute. */
  readonly admitted: readonly Admitted[];
  /** Until when nothing may start, counted anew from the openings. */
  readonly closedUntil: number;
};

const minutes = 7;
const starts = ['a', 'b', 'c'];
const limits: CircuitLimits = {
  failuresToOpen: 2,
  firstBackOffSeconds: 60,
  maximumBackOffSeconds: 120,
  probes: 2,
  probeSeconds: 60,
  drainStartsPerMinute: 1,
  drainMinutes: 2,
};
const commands: readonly CircuitCommand[] = [
  ...starts.map((startId) => ({ type: 'AdmitStart' as const, startId })),
  { type: 'RecordAnswer' },
  { type: 'RecordFailure', reason: 'no answer' },
];

function check(decide: typeof decideCircuit = decideCircuit) {
  const explored = explore<World>({
    initial: { minute: 0, circuit: closedCircuit, admitted: [], closedUntil: 0 },
    keyOf: canonicalJson,
    problem,
    actions: (world) => actionsOf(world, decide),
  });
  console.info(describeExplored('a circuit', explored));
  return explored;
}

function* actionsOf(world: World, decide: typeof decideCircuit): Iterable<Action<World>> {
  if (world.minute < minutes)
    yield { name: 'a minute passes', run: () => aged({ ...world, minute: world.minute + 1 }) };
  for (const command of commands)
    yield {
      name: command.type === 'AdmitStart' ? `start ${command.startId}` : command.type,
      run: () => changed(world, command, decide),
    };
}

function changed(world: World, command: CircuitCommand, decide: typeof decideCircuit): World {
  const { circuit: before, minute, admitted } = world;
  const events = decide(command, before, toInstant(toMillis(registeredAt) + minute * minuteMillis), limits);
  const circuit = events.reduce(evolveCircuit, before);
  const opened = circuit.status === 'open' && before.status !== 'open' ? circuit.openings : undefined;
  const closedUntil = opened === undefined ? world.closedUntil : minute + Math.min(2, 2 ** (opened - 1));
  if (command.type !== 'AdmitStart') {
    const isOver = circuit.status !== before.status;
    return { ...world, circuit, closedUntil, admitted: isOver ? [] : admitted };
  }
  const { startId } = command;
  const isRepeated = admitted.some((start) => start.startId === startId && isSame(start.status, before.status));
  const { status } = before;
  return { ...world, circuit, admitted: isRepeated ? admitted : [...admitted, { startId, minute, status }] };
}

/** The first probe finds it open, and makes it half-open. */
function isSame(one: CircuitState['status'], other: CircuitState['status']): boolean {
  return one === other || (one === 'open' && other === 'half-open');
}

function aged(world: World): World {
  return { ...world, admitted: world.admitted.filter(({ minute }) => minute + 1 > world.minute) };
}

function problem({ admitted, minute, closedUntil, circuit }: World, before?: World): string | undefined {
  const isStart = before !== undefined && admitted.length > before.admitted.length;
  if (isStart && before.circuit.status === 'open' && minute < closedUntil) return 'started while open';
  const probes = admitted.filter(({ status }) => status === 'open' || status === 'half-open');
  if (probes.length > limits.probes) return `${probes.length} probes`;
  const drained = admitted.filter(({ status }) => status === 'draining');
  if (circuit.status === 'draining' && drained.length > limits.drainStartsPerMinute)
    return `${drained.length} starts in a minute of the drain`;
  return undefined;
}

describe('every order of starts, answers and failures', () => {
  it('starts nothing while the circuit is open, few probes when half-open, and a few a minute while it drains', () => {
    const explored = check();
    expect(explored.counterexample).toBeUndefined();
    expect(new Set(explored.states.map(({ circuit }) => circuit.status)).size).toBe(4);
    const stuck = stuckStates(explored, ({ circuit }) => circuit.status === 'closed');
    // From wherever it stands it can close again, once the back-off and the drain have had their time.
    expect(stuck.map((state) => explored.states[state]!.minute).filter((minute) => minute <= minutes - 4)).toEqual([]);
  }, 60_000);

  const admitsAll: Readonly<Record<string, { readonly status: CircuitState['status']; readonly finds: string }>> = {
    'an open circuit admits': { status: 'open', finds: 'started while open' },
    'a half-open circuit counts no probes': { status: 'half-open', finds: '3 probes' },
    'a drain counts no starts': { status: 'draining', finds: 'in a minute of the drain' },
  };
  for (const [name, { status, finds }] of Object.entries(admitsAll))
    it(`gives a counterexample when a guard is weakened: ${name}`, () => {
      const { counterexample } = check((command, state, now, given) =>
        command.type === 'AdmitStart' && state.status === status
          ? decideCircuit(command, emptied(state, now), now, given)
          : decideCircuit(command, state, now, given),
      );
      expect(counterexample?.problem).toContain(finds);
    });
});

function emptied(state: CircuitState, now: string): CircuitState {
  if (state.status === 'open') return { ...state, until: now };
  if (state.status === 'half-open') return { ...state, probes: [] };
  return state.status === 'draining' ? { ...state, starts: [] } : state;
}
