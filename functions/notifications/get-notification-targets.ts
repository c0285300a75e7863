import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getNotificationTargets } from '../../shared/api/notifications.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadTargets } from '../../shared/use-cases/notifications/change-targets.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(getNotificationTargets, {}, async ({ params }) => {
  const { state, version } = await loadTargets(events, params.team);
  return { body: state, etag: version };
});
