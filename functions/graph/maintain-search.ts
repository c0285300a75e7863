import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { createS3SearchSnapshots } from '../../shared/adapters/search/s3-search-snapshots.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { maintainSearch } from '../../shared/use-cases/graph/maintain-search.ts';

const ports = {
  graph: createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  snapshots: createS3SearchSnapshots({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  createIndex: createMemorySearchIndex,
};

const namedAtMost = 50;

/** Compares what search shows with what the graph holds, and writes the next snapshot. */
export const handler = scheduledHandler(async ({ now }) => {
  const { differing, ...maintained } = await maintainSearch(ports, now);
  emitMetrics({ SearchDifference: differing.length });
  if (differing.length > 0)
    logger.error('search differed from the graph', { uris: differing.slice(0, namedAtMost), count: differing.length });
  logger.info('maintained search', { now, ...maintained });
});
