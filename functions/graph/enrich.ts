import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEnrichmentProgress } from '../../shared/adapters/dynamodb/dynamo-enrichment-progress.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoHydrationStore } from '../../shared/adapters/dynamodb/dynamo-hydration-store.ts';
import { createDynamoOverrideExpiries } from '../../shared/adapters/dynamodb/dynamo-override-expiries.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import { createSqsHydrationQueue } from '../../shared/adapters/sqs/sqs-provider-queues.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { enrichGraph } from '../../shared/use-cases/graph/enrich-graph.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { createHydrationRequests } from '../../shared/use-cases/graph/ingestion/request-mentioned.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const graph = createHintingStore(
  createDynamoGraphStore(table),
  createSqsGraphHints({ client: sqs(), queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
  reportLostHint,
);
const ports = {
  graph,
  view: createGraphView(graph, snapshots),
  progress: createDynamoEnrichmentProgress(table),
  expiries: createDynamoOverrideExpiries(table),
  hydration: createHydrationRequests({
    providerStore: createDynamoProviderStore(table),
    hydrations: createDynamoHydrationStore(table),
    hydrationQueue: createSqsHydrationQueue({ client: sqs(), queueUrl: env('HYDRATION_QUEUE_URL') }),
  }),
};

/** Some thousand entities are begun within this, and take a small part of what is left of the function's time. */
const workMilliseconds = 420_000;

export const handler = scheduledHandler(async ({ now }) => {
  const from = performance.now();
  const hasTime = () => performance.now() - from < workMilliseconds;
  logger.info('enriched the graph', { now, ...(await enrichGraph(ports, now, { hasTime })) });
});
