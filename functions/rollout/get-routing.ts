import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getRouting as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getRouting } from '../../shared/use-cases/rollout/view-rollouts.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(operation, {}, async ({ params }) => ({
  body: await getRouting(events, params.modelId),
}));
