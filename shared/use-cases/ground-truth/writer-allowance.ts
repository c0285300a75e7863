import { RunwayError } from '../../domain/errors.ts';
import { defaultEventsPerMinute } from '../../domain/ground-truth/writer.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventCounter } from '../../ports/event-counter.ts';
import type { Submission } from './check-items.ts';

/** What a writer sent at once: a record of the stream, or a request. */
export type Sent = {
  /** Of the record: delivered again it is decided as before, by the same function at least. */
  readonly id: string;
  readonly writer: string;
  readonly events: number;
  readonly eventsPerMinute: number;
  /** When it arrived. */
  readonly at: Instant;
};

export type WriterAllowance = {
  /**
   * Throws `RateLimited` when the writer's events of that minute were used up before: at most the last of what is taken
   * goes beyond. Throws `DependencyUnavailable` when that cannot be told.
   */
  readonly take: (sent: Sent) => Promise<void>;
};

/** Each function counts so small a share of a minute's events for itself before it tells the others: a second's. */
const sharesPerMinute = 60;
const rememberedMinutes = 1_000;

type Minute = { shared: number; own: number; readonly taken: Map<string, boolean> };

/**
 * Counts by arrival, in one counter for all functions, which each tells of a sixtieth of the limit at a time: 60 writes a
 * writer and minute, however much it sends, and what is taken is at most so much over the limit per function that reads.
 * Refused events are not counted, so an excess does not reach into the next minute.
 */
export function createWriterAllowance(counter: EventCounter): WriterAllowance {
  const minutes = new Map<string, Minute>();
  return {
    take: async ({ id, writer, events, eventsPerMinute, at }) => {
      const minute = at.slice(0, 16);
      const counted = minuteOf(minutes, `${writer} ${minute}`);
      const isTaken = counted.taken.get(id) ?? counted.shared + counted.own < eventsPerMinute;
      if (isTaken && !counted.taken.has(id)) {
        counted.own += events;
        const told = counted.own;
        if (told >= eventsPerMinute / sharesPerMinute) {
          counted.own = 0;
          counted.shared = await counter.add(writer, minute, told).catch((error: unknown) => {
            counted.own += told - events;
            throw error;
          });
        }
      }
      counted.taken.set(id, isTaken);
      if (!isTaken) throw rateLimited(writer, eventsPerMinute);
    },
  };
}

/** Of a request, which is counted by itself. Throws as `WriterAllowance` does. */
export async function expectSubmissionAllowance(
  counter: EventCounter | undefined,
  { writer, items, now }: Submission,
): Promise<void> {
  if (counter === undefined) return;
  const before = (await counter.add(writer, now.slice(0, 16), items.length)) - items.length;
  if (before >= defaultEventsPerMinute) throw rateLimited(writer, defaultEventsPerMinute);
}

function minuteOf(minutes: Map<string, Minute>, key: string): Minute {
  const held = minutes.get(key) ?? { shared: 0, own: 0, taken: new Map() };
  minutes.set(key, held);
  if (minutes.size > rememberedMinutes) minutes.delete(minutes.keys().next().value!);
  return held;
}

function rateLimited(writer: string, eventsPerMinute: number): RunwayError {
  return new RunwayError('RateLimited', 'rate-limited', `${writer} sent more than ${eventsPerMinute} events a minute`);
}
