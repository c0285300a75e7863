import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { connectRouting } from '../../shared/adapters/connect-routing.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { maximumListed } from '../../shared/api/retraining-plans.ts';
import { withdrawChampion as operation } from '../../shared/api/rollbacks.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';
import { shortenPlan } from '../../shared/use-cases/retraining/shorten-plan.ts';
import { consequencesOf, withdrawChampion } from '../../shared/use-cases/rollout/withdraw-champion.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  routing: connectRouting({ client: s3(), bucketName: env('ROUTING_BUCKET'), connections: env('ROUTING_CONNECTIONS') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });
const limits = retrainLimits();

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params: { modelId }, body: { currency, ...body }, actor, now }) => {
    const withdrawal = await withdrawChampion(ports, { modelId, ...body, actor, now });
    const { version } = withdrawal;
    const { plan, ...found } = await consequencesOf(ports, { modelId, version, currency, ...limits, now });
    return { body: { modelId, ...withdrawal, ...found, plan: shortenPlan(plan, maximumListed) } };
  },
);
