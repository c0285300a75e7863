import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { listEdgeOverrides as contract } from '../../shared/api/enrichment.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { listOverrides } from '../../shared/use-cases/graph/override-edges.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const store = createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });
const ports = { store, graph: createGraphView(store, snapshots) };

export const handler = apiHandler(contract, {}, async ({ query, now }) => ({
  body: { items: await listOverrides(ports, query.uri, now) },
}));
