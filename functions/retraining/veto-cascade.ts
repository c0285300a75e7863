import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { vetoCascade as operation } from '../../shared/api/cascades.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { teamOfCascade, vetoCascade } from '../../shared/use-cases/retraining/view-cascades.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfCascade(events, params.cascadeId), idempotency },
  async ({ params, body, actor, now }) => ({ body: await vetoCascade(events, { ...params, ...body, actor, now }) }),
);
