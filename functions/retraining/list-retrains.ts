import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listRetrains as operation } from '../../shared/api/retraining.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listRetrains } from '../../shared/use-cases/retraining/view-retrains.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(operation, {}, async ({ params, query }) => ({
  body: await listRetrains(events, params.modelId, query),
}));
