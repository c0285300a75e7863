import type { CircuitEvent } from '../../shared/domain/retraining/circuit/circuit.ts';
import type { RetrainEvent } from '../../shared/domain/retraining/retrain-events.ts';
import type { SlotEvent } from '../../shared/domain/retraining/slots.ts';
import { circuitStream, retrainStream } from '../../shared/domain/stream-ids.ts';
import type { EventStore } from '../../shared/ports/event-store.ts';
import { retrainingSlots } from '../../shared/use-cases/retraining/change-slots.ts';

export type Logged<E> = E & { readonly at: string };

/** Everything that a stream says, in its order. */
async function logOf<E>(events: EventStore, streamId: string): Promise<readonly Logged<E>[]> {
  const log: Logged<E>[] = [];
  for (let afterVersion = 0; ; ) {
    const page = await events.commits(streamId, { afterVersion, limit: 500 });
    for (const commit of page) for (const event of commit.events) log.push({ ...(event as E), at: commit.occurredAt });
    const last = page.at(-1);
    if (last === undefined) return log;
    afterVersion = last.version;
  }
}

/** What the table holds of slots, circuits and retrains. */
export async function readLogs(events: EventStore, retrainIds: readonly string[], connections: readonly string[]) {
  const slots = await logOf<SlotEvent>(events, retrainingSlots);
  const circuits = new Map<string, readonly Logged<CircuitEvent>[]>();
  for (const name of connections) circuits.set(name, await logOf<CircuitEvent>(events, circuitStream(name)));
  const retrains = new Map<string, readonly Logged<RetrainEvent>[]>();
  const left = retrainIds.values();
  const worker = async () => {
    for (const id of left) retrains.set(id, await logOf<RetrainEvent>(events, retrainStream(id)));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return { slots, circuits, retrains };
}

export type Logs = Awaited<ReturnType<typeof readLogs>>;
