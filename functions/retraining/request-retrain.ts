import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { requestRetrain as operation } from '../../shared/api/retraining.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';
import { requestRetrain } from '../../shared/use-cases/retraining/request-retrain.ts';
import { viewRetrain } from '../../shared/use-cases/retraining/view-retrains.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRetrain(await requestRetrain(events, { ...params, ...body, actor, now })),
  }),
);
