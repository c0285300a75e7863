import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { compactGraph } from '../../shared/use-cases/graph/compact-graph.ts';

const ports = {
  graph: createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  snapshots: createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
};

export const handler = scheduledHandler(async ({ now }) => {
  const { lag, written } = await compactGraph(ports, now);
  emitMetrics({ GraphSnapshotLag: lag });
  logger.info('looked at the graph’s snapshot', { now, lag, ...written });
});
