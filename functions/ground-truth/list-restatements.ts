import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listRestatements as contract } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { listRestatements } from '../../shared/use-cases/ground-truth/list-restatements.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { team, name }, query }) => ({
  body: await listRestatements(events, `${team}/${name}`, query),
}));
