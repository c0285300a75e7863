import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { setPolicyDefaults } from '../../shared/api/policy-defaults.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changePolicyDefaults } from '../../shared/use-cases/registry/change-policy-defaults.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  setPolicyDefaults,
  { team: ({ params }) => params.team },
  async ({ params: { team }, body: defaults, actor, now, ifMatch }) => {
    const { state, version } = await changePolicyDefaults(events, { team, defaults, actor, now, ifMatch });
    return { body: state, etag: version };
  },
);
