import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { getEntityLineage as contract } from '../../shared/api/entities.ts';
import { requestedUri } from '../../shared/domain/graph/requested-uri.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { atPresent, createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { viewEntityDependencies } from '../../shared/use-cases/graph/view-entity-dependencies.ts';

const graph = createGraphView(
  createDynamoGraphStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
);

export const handler = apiHandler(contract, {}, async ({ params, query: { uri, depth, ...rest }, now }) => ({
  body: await viewEntityDependencies(atPresent({ graph }, now), {
    ...rest,
    uri: requestedUri(params.uri, uri),
    depth: depth === 'all' ? undefined : depth,
    direction: 'upstream',
  }),
}));
