import { eventBridge } from '../../shared/adapters/clients.ts';
import { commitFromImage } from '../../shared/adapters/dynamodb/commit-image.ts';
import { createEventBridgePublisher } from '../../shared/adapters/event-bridge/event-bridge-publisher.ts';
import { env } from '../../shared/runtime/env.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { relayCommits } from '../../shared/use-cases/registry/relay-commits.ts';

const publisher = createEventBridgePublisher({ client: eventBridge(), busName: env('EVENT_BUS') });

export const handler = streamHandler({
  source: 'dynamodb',
  // A commit is written once; anything but an insertion is somebody's maintenance.
  decode: ({ eventName, data }) => (eventName === 'INSERT' ? commitFromImage(data) : undefined),
  handle: (records) =>
    relayCommits(
      publisher,
      records.map(({ item, arrival }) => ({ recordId: arrival.id, commit: item })),
    ),
});
