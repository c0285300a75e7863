import type { EventPublisher, PublishedEvent } from '../../ports/event-publisher.ts';
import type { Commit } from '../../ports/event-store.ts';

/** A commit with the id of the stream record that brought it. */
export type RelayedCommit = { readonly recordId: string; readonly commit: Commit };

const maximumEntries = 10;

/** A task token lets its holder answer for the trainer or for an approver, so what carries one stays in the store. */
const confidential: ReadonlySet<string> = new Set(['TrainingAwaited', 'PersonAwaited']);

/**
 * Publishes every event of the commits, in order. Gives the ids of the records of which an event was not taken; they
 * come again, and so may what follows them: subscribers take events as hints.
 */
export async function relayCommits(
  publisher: EventPublisher,
  commits: readonly RelayedCommit[],
): Promise<readonly string[]> {
  const entries = commits.flatMap(({ recordId, commit }) =>
    commit.events
      .filter((event) => !confidential.has(event.type))
      .map((event) => ({ recordId, event: publishedEvent(commit, event) })),
  );
  const failed = new Set<string>();
  for (let start = 0; start < entries.length; start += maximumEntries) {
    const batch = entries.slice(start, start + maximumEntries);
    const refused = await publisher.publish(batch.map(({ event }) => event));
    for (const index of refused) failed.add(batch[index]?.recordId ?? '');
  }
  return [...failed];
}

function publishedEvent(
  { streamId, version, occurredAt, actor, correlationId }: Commit,
  event: Commit['events'][number],
): PublishedEvent {
  const about = { streamId, version, occurredAt, actor, correlationId };
  return { detailType: event.type, time: occurredAt, detail: { ...about, event } };
}
