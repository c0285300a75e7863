import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getPolicyDefaults } from '../../shared/api/policy-defaults.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadPolicyDefaults } from '../../shared/use-cases/registry/change-policy-defaults.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(getPolicyDefaults, {}, async ({ params }) => {
  const { state, version } = await loadPolicyDefaults(events, params.team);
  return { body: state, etag: version };
});
