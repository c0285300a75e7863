import type { EventStore } from '../../ports/event-store.ts';
import { loadCircuit } from './change-circuit.ts';

/** Which of the connections are not simply in use. */
export async function openCircuits(events: EventStore, connections: readonly string[]): Promise<readonly string[]> {
  const circuits = await Promise.all(
    connections.map(async (connection) => ({ connection, circuit: await loadCircuit(events, connection) })),
  );
  return circuits.filter(({ circuit }) => circuit.status !== 'closed').map(({ connection }) => connection);
}
