import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listWriters as contract } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listWriters } from '../../shared/use-cases/registry/view-writers.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(contract, {}, async ({ query }) => ({ body: await listWriters(events, query) }));
