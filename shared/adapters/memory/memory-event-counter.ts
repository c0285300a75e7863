import type { EventCounter } from '../../ports/event-counter.ts';

/** Twin of the DynamoDB counter for tests. */
export function createMemoryEventCounter(): EventCounter & { readonly additions: readonly number[] } {
  const totals = new Map<string, number>();
  const additions: number[] = [];
  return {
    additions,
    add: async (writer, minute, events) => {
      const key = `${writer} ${minute}`;
      const total = (totals.get(key) ?? 0) + events;
      totals.set(key, total);
      additions.push(events);
      return total;
    },
  };
}
