import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { compareDependencies as contract } from '../../shared/api/graph-questions.ts';
import { namedEntity } from '../../shared/domain/graph/requested-uri.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { compareDependencies } from '../../shared/use-cases/graph/compare-dependencies.ts';
import { atPresent, createGraphView } from '../../shared/use-cases/graph/graph-view.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
};

export const handler = apiHandler(contract, {}, async ({ query: { from, to, depth, asOf }, now }) => ({
  body: await compareDependencies(atPresent(ports, now), {
    from: namedEntity(from),
    to: namedEntity(to),
    depth: depth === 'all' ? undefined : depth,
    asOf,
  }),
}));
