import type { EventStream } from '../../ports/event-stream.ts';

type StreamRecord = Parameters<EventStream['put']>[0][number];

export type MemoryEventStream = EventStream & { readonly records: readonly StreamRecord[] };

export function createMemoryEventStream(): MemoryEventStream {
  const records: StreamRecord[] = [];
  return { put: async (more) => void records.push(...more), records };
}
