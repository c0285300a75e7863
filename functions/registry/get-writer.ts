import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getWriter as contract } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { expectWriter } from '../../shared/use-cases/registry/change-writer.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { team, name } }) => {
  const { state, version } = await expectWriter(events, `${team}/${name}`);
  return { body: state, etag: version };
});
