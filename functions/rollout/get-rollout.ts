import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getRollout } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadRollout } from '../../shared/use-cases/rollout/change-rollout.ts';
import { viewRollout } from '../../shared/use-cases/rollout/view-rollouts.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(getRollout, {}, async ({ params }) => ({
  body: viewRollout((await loadRollout(events, params.rolloutId)).state),
}));
