import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoRebuildStore } from '../../shared/adapters/dynamodb/dynamo-rebuild-store.ts';
import { getGraphRebuild as contract } from '../../shared/api/graph.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getRebuild } from '../../shared/use-cases/graph/rebuild-graph.ts';

const rebuilds = createDynamoRebuildStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { rebuildId } }) => ({
  body: await getRebuild(rebuilds, rebuildId),
}));
