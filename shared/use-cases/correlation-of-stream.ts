import type { EventStore } from '../ports/event-store.ts';

/**
 * The id of what a stream was begun for; the stream's own, with `:` for `#`, when it began before commits bore one.
 * Always the same for one stream, so that a workflow started again for it is recognised.
 */
export async function correlationOfStream(events: EventStore, streamId: string): Promise<string> {
  const [first] = await events.commits(streamId, { afterVersion: 0, limit: 1 });
  return first?.correlationId ?? streamId.replaceAll('#', ':');
}
