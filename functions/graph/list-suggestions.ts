import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoSuggestionRejections } from '../../shared/adapters/dynamodb/dynamo-suggestion-rejections.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { listSuggestions as contract } from '../../shared/api/enrichment.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { atPresent, createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { listSuggestions } from '../../shared/use-cases/graph/suggest-relations.ts';

const snapshots = createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') });
const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = {
  graph: createGraphView(createDynamoGraphStore(table), snapshots),
  rejections: createDynamoSuggestionRejections(table),
};

export const handler = apiHandler(contract, {}, async ({ query, now }) => ({
  body: await listSuggestions(atPresent(ports, now), query),
}));
