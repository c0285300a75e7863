import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { revokeWriter as contract } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeWriter } from '../../shared/use-cases/registry/change-writer.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ params }) => params.team },
  async ({ params: { team, name }, body: { reason }, actor, now, ifMatch }) => {
    const context = { actor, now, reason, ifMatch };
    const { state, version } = await changeWriter(events, `${team}/${name}`, { type: 'revoke' }, context);
    return { body: state, etag: version };
  },
);
