import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { maximumListed, planRetrains as operation } from '../../shared/api/retraining-plans.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { planRetrains } from '../../shared/use-cases/retraining/plan-retrains.ts';
import { shortenPlan } from '../../shared/use-cases/retraining/shorten-plan.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
};
const limits = retrainLimits();

export const handler = apiHandler(operation, {}, async ({ body, now }) => ({
  body: shortenPlan(await planRetrains(ports, { ...body, ...limits, now }), maximumListed),
}));
