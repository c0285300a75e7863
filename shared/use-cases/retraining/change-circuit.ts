import { systemActor } from '../../domain/actor.ts';
import { type CircuitCommand, type CircuitState, closedCircuit } from '../../domain/retraining/circuit/circuit.ts';
import { decideCircuit } from '../../domain/retraining/circuit/decide-circuit.ts';
import { evolveCircuit } from '../../domain/retraining/circuit/evolve-circuit.ts';
import { circuitStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Closed when nothing was ever recorded. */
export async function loadCircuit(events: EventStore, connection: string): Promise<CircuitState> {
  return (await events.head<CircuitState>(circuitStream(connection)))?.state ?? closedCircuit;
}

/** Shared by all functions: each decides on what the others have recorded. Throws `CircuitOpen`. */
export function changeCircuit(
  events: EventStore,
  connection: string,
  command: CircuitCommand,
  now: Instant,
): Promise<void> {
  const streamId = circuitStream(connection);
  return withRetryOnConflict(async () => {
    const head = await events.head<CircuitState>(streamId);
    const before = head?.state ?? closedCircuit;
    const decided = decideCircuit(command, before, now);
    if (decided.length === 0) return;
    const state = decided.reduce(evolveCircuit, before);
    const stream = { streamId, expectedVersion: head?.version ?? 0, lists: [] };
    const reason = command.type === 'RecordFailure' ? command.reason : `${command.type} while ${before.status}`;
    await events.append([
      { ...stream, events: decided, state, actor: systemActor('retraining'), reason, occurredAt: now },
    ]);
  });
}
