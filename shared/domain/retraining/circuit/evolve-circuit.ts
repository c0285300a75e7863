import { openProbes, recentStarts } from './admission.ts';
import { type CircuitEvent, type CircuitState, closedCircuit } from './circuit.ts';

/** Folds one event into the head. */
export function evolveCircuit(state: CircuitState, event: CircuitEvent): CircuitState {
  switch (event.type) {
    case 'CircuitFailureCounted':
      return { status: 'closed', failures: state.status === 'closed' ? state.failures + 1 : 1 };
    case 'CircuitFailuresReset':
    case 'CircuitClosed':
      return closedCircuit;
    case 'CircuitOpened': {
      const { openedAt, until, openings, reason } = event;
      return { status: 'open', openedAt, until, openings, reason };
    }
    case 'CircuitProbed': {
      const probes = state.status === 'half-open' ? openProbes(state.probes, event.probedAt) : [];
      const { startId, until } = event;
      return { status: 'half-open', openings: openingsOf(state), probes: [...probes, { startId, until }] };
    }
    case 'CircuitDraining':
      return { status: 'draining', openings: openingsOf(state), until: event.until, starts: [] };
    case 'CircuitDrainStarted': {
      if (state.status !== 'draining') throw new Error(`a circuit that is ${state.status} cannot drain`);
      const { startId, at } = event;
      return { ...state, starts: [...recentStarts(state.starts, at), { startId, at }] };
    }
  }
}

function openingsOf(state: CircuitState): number {
  return state.status === 'closed' ? 0 : state.openings;
}
