import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listCascades as operation } from '../../shared/api/cascades.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listCascades } from '../../shared/use-cases/retraining/view-cascades.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(operation, {}, async ({ query }) => ({ body: await listCascades(events, query) }));
