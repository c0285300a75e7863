import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getHistory as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getHistory } from '../../shared/use-cases/registry/view-models.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params, query }) => ({
  body: await getHistory(events, params.modelId, query),
}));
