import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { pauseRollout as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { pauseRollout } from '../../shared/use-cases/rollout/operate-rollout.ts';
import { teamOfRollout, viewRollout } from '../../shared/use-cases/rollout/view-rollouts.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRollout(events, params.rolloutId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRollout(await pauseRollout(events, { ...params, ...body, actor, now })),
  }),
);
