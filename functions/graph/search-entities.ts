import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { createS3SearchSnapshots } from '../../shared/adapters/search/s3-search-snapshots.ts';
import { searchEntities as contract } from '../../shared/api/search.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { searchEntities } from '../../shared/use-cases/graph/search-entities.ts';
import { createSearchView } from '../../shared/use-cases/graph/search-view.ts';

const search = createSearchView({
  graph: createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  snapshots: createS3SearchSnapshots({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  createIndex: createMemorySearchIndex,
});

export const handler = apiHandler(contract, {}, async ({ query, now }) => ({
  body: await searchEntities(search, query, now),
}));
