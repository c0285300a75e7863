import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { getMetadataQuality as contract } from '../../shared/api/enrichment.ts';
import { requestedUri } from '../../shared/domain/graph/requested-uri.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { viewQuality } from '../../shared/use-cases/graph/view-quality.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const graph = createGraphView(createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }), snapshots);

export const handler = apiHandler(contract, {}, async ({ params, query, now }) => ({
  body: await viewQuality(graph, requestedUri(params.uri, query.uri), now),
}));
