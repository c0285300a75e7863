import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { getLineage as contract } from '../../shared/api/graph.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { atPresent, createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { viewDependencies } from '../../shared/use-cases/graph/view-dependencies.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
};

export const handler = apiHandler(contract, {}, async ({ params: { modelId }, query, now }) => ({
  body: await viewDependencies(atPresent(ports, now), { ...query, modelId, direction: 'upstream' }),
}));
