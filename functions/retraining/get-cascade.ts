import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getCascade as operation } from '../../shared/api/cascades.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadCascade } from '../../shared/use-cases/retraining/change-cascade.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(operation, {}, async ({ params }) => ({
  body: (await loadCascade(events, params.cascadeId)).state,
}));
