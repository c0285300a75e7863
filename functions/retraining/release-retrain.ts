import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { releaseRetrain as operation } from '../../shared/api/retraining-queue.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { releaseRetrain, teamOfRetrain } from '../../shared/use-cases/retraining/change-queue.ts';
import { viewRetrain } from '../../shared/use-cases/retraining/view-retrains.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRetrain(events, params.retrainId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRetrain(await releaseRetrain(events, { ...params, ...body, actor, now })),
  }),
);
