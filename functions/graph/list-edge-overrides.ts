import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { listEdgeOverrides as contract } from '../../shared/api/enrichment.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listOverrides } from '../../shared/use-cases/graph/override-edges.ts';

const store = createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ query, now }) => ({
  body: { items: await listOverrides(store, query.uri, now) },
}));
