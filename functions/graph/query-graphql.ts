import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { createS3SearchSnapshots } from '../../shared/adapters/search/s3-search-snapshots.ts';
import { queryGraph as contract } from '../../shared/api/graphql.ts';
import { isAuthorized } from '../../shared/authorization/authorize.ts';
import { queryLimits } from '../../shared/graphql/query-limits.ts';
import { createGraphSchema } from '../../shared/graphql/schema.ts';
import { createGraphServer } from '../../shared/graphql/server.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { createEntityReader } from '../../shared/use-cases/graph/read-entities.ts';
import { createSearchView } from '../../shared/use-cases/graph/search-view.ts';

const graph = createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });
const place = { client: s3(), bucketName: env('GRAPH_BUCKET') };
const view = createGraphView(graph, createS3SnapshotStore(place));
// Loaded when somebody searches: most queries know whom they ask about.
const search = createSearchView({
  graph,
  snapshots: createS3SearchSnapshots(place),
  createIndex: createMemorySearchIndex,
});
const answer = createGraphServer({
  schema: createGraphSchema(),
  onUnexpected: (error) =>
    logger.error('a field could not be answered', { error: error instanceof Error ? error : String(error) }),
});

export const handler = apiHandler(contract, {}, async ({ body, actor, now }) => {
  const { claims: maximumClaims, milliseconds } = queryLimits;
  const endsAt = performance.now() + milliseconds;
  // What the route's policy says of a team's things holds for each of them, however deep in a query it stands.
  const mayRead = (team: string | undefined) => isAuthorized(actor, contract.id, { team });
  const reader = createEntityReader({
    graph: await view(now),
    mayRead,
    maximumClaims,
    isOver: () => performance.now() > endsAt,
  });
  return answer(body, {
    reader,
    search: async (question) => (await search(now)).search({ ...question, mayRead }),
    now,
  });
});
