import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { getSimilarEntities as contract } from '../../shared/api/enrichment.ts';
import { requestedUri } from '../../shared/domain/graph/requested-uri.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { viewSimilar } from '../../shared/use-cases/graph/view-similar.ts';

const graph = createGraphView(createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }));

export const handler = apiHandler(contract, {}, async ({ params, query: { uri, limit } }) => ({
  body: await viewSimilar(graph, requestedUri(params.uri, uri), limit),
}));
