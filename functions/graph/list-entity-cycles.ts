import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { listEntityCycles as contract } from '../../shared/api/graph-questions.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { listCycles } from '../../shared/use-cases/graph/list-cycles.ts';

const graph = createGraphView(createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }));

export const handler = apiHandler(contract, {}, async ({ query }) => ({
  body: await listCycles({ graph }, query),
}));
