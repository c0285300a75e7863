import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { getTeamMetadataQuality as contract } from '../../shared/api/enrichment.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { viewTeamQuality } from '../../shared/use-cases/graph/view-quality.ts';

const graph = createGraphView(createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }));

export const handler = apiHandler(contract, {}, async ({ params: { team }, now }) => ({
  body: await viewTeamQuality(graph, team, now),
}));
