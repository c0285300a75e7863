import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { registerModel as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { registerModel } from '../../shared/use-cases/registry/register-model.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ body }) => body.team, idempotency },
  async ({ body: definition, actor, now }) => {
    const body = await registerModel(events, { definition, actor, now });
    return { body, etag: 1, headers: { location: `/v1/models/${body.modelId}` } };
  },
);
