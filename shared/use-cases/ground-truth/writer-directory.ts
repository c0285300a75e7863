import type { WriterState } from '../../domain/ground-truth/writer.ts';
import { isOwnWriter } from '../../domain/ground-truth/writer-key.ts';
import { writerStream } from '../../domain/stream-ids.ts';
import { toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WriterDirectory } from '../../ports/writer-directory.ts';

type Known = { readonly state: WriterState | undefined; readonly readAt: number };

/** So long a revoked writer's records may still be taken, and so many seconds of records share a read. */
const rememberedMillis = 10_000;
const maximumWriters = 10_000;

/**
 * Remembers by the arrival of the records, not by a clock: a record that arrived more than ten seconds after the one for
 * which a writer was read, or before it, has it read again. What was read is never older than the record that asked for
 * it, so a lag of the consumer does not prolong the ten seconds.
 */
export function createWriterDirectory(events: Pick<EventStore, 'head'>): WriterDirectory {
  const known = new Map<string, Known>();
  return {
    find: async (writer, at) => {
      if (isOwnWriter(writer)) return undefined;
      const arrivedAt = toMillis(at);
      const held = known.get(writer);
      if (held !== undefined && arrivedAt >= held.readAt && arrivedAt <= held.readAt + rememberedMillis)
        return held.state;
      const head = await events.head<WriterState>(writerStream(writer));
      known.delete(writer);
      known.set(writer, { state: head?.state, readAt: arrivedAt });
      if (known.size > maximumWriters) known.delete(known.keys().next().value!);
      return head?.state;
    },
  };
}
