import { eventBridge } from '../../shared/adapters/clients/event-bridge.ts';
import { commitFromImage } from '../../shared/adapters/dynamodb/commit-image.ts';
import { createEventBridgePublisher } from '../../shared/adapters/event-bridge/event-bridge-publisher.ts';
import { withCorrelation } from '../../shared/observability/correlation.ts';
import type { Commit } from '../../shared/ports/event-store.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { countEndings } from '../../shared/use-cases/registry/count-endings.ts';
import { relayCommits } from '../../shared/use-cases/registry/relay-commits.ts';

function logRelayed({ streamId, version, events, correlationId = streamId }: Commit): void {
  const types = events.map(({ type }) => type);
  withCorrelation(correlationId, () => logger.info('relayed a commit', { streamId, version, events: types }));
}

const publisher = createEventBridgePublisher({ client: eventBridge(), busName: env('EVENT_BUS') });

export const handler = streamHandler({
  source: 'dynamodb',
  // A commit is written once; anything but an insertion is somebody's maintenance.
  decode: ({ eventName, data }) => (eventName === 'INSERT' ? commitFromImage(data) : undefined),
  handle: async (records) => {
    const commits = records.map(({ item, arrival }) => ({ recordId: arrival.id, commit: item }));
    const failed = await relayCommits(publisher, commits);
    for (const { recordId, commit } of commits) if (!failed.includes(recordId)) logRelayed(commit);
    emitMetrics(countEndings(commits.filter(({ recordId }) => !failed.includes(recordId))));
    return failed;
  },
});
