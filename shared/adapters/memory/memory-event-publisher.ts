import type { EventPublisher, PublishedEvent } from '../../ports/event-publisher.ts';

/** Twin of the EventBridge publisher; refuses what `refuses` says, as a bus under load may. */
export function createMemoryEventPublisher(
  refuses: (event: PublishedEvent) => boolean = () => false,
): EventPublisher & { readonly published: PublishedEvent[]; readonly calls: number[] } {
  const published: PublishedEvent[] = [];
  const calls: number[] = [];
  return {
    published,
    calls,
    publish: async (events) => {
      calls.push(events.length);
      published.push(...events.filter((event) => !refuses(event)));
      return events.flatMap((event, index) => (refuses(event) ? [index] : []));
    },
  };
}
