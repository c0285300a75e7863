import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listRollouts as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listRollouts } from '../../shared/use-cases/rollout/view-rollouts.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(operation, {}, async ({ params, query }) => ({
  body: await listRollouts(events, params.modelId, query),
}));
