import { placesOf } from '../../domain/retraining/circuit/admission.ts';
import { circuitLimits } from '../../domain/retraining/circuit/circuit.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadCircuit } from './change-circuit.ts';
import { queueConnection } from './start-run.ts';

type Waiting = Pick<RetrainState, 'connection'>;

/** How many retrains may start with each orchestrator, as long as one look at the queue takes. */
export type Places = {
  readonly withPlace: <T extends Waiting>(waiting: readonly T[]) => Promise<readonly T[]>;
  readonly take: (retrain: Waiting) => void;
};

/**
 * Keeps those in the queue whose orchestrator is left alone, so that they take no slot from others. Only the start itself
 * decides: others may start meanwhile.
 */
export function createPlaces(events: EventStore, now: Instant): Places {
  const places = new Map<string, number>();
  const load = async (connection: string) => {
    if (!places.has(connection))
      places.set(connection, placesOf(await loadCircuit(events, connection), circuitLimits, now));
  };
  return {
    withPlace: async (waiting) => {
      for (const { connection = queueConnection } of waiting) await load(connection);
      return waiting.filter(({ connection = queueConnection }) => (places.get(connection) ?? 0) > 0);
    },
    take: ({ connection = queueConnection }) => places.set(connection, (places.get(connection) ?? 0) - 1),
  };
}
