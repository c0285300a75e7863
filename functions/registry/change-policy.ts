import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { changePolicy as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changePolicy } from '../../shared/use-cases/registry/change-policy.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ params }) => teamOf(events, params.modelId) },
  async ({ params: { modelId }, body: policy, actor, now, ifMatch }) => {
    const { state, version } = await changePolicy(events, { modelId, policy, actor, now, ifMatch });
    return { body: state, etag: version };
  },
);
