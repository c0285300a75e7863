import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { setNotificationTargets } from '../../shared/api/notifications.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeTargets } from '../../shared/use-cases/notifications/change-targets.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  setNotificationTargets,
  { team: ({ params }) => params.team },
  async ({ params: { team }, body: settings, actor, now, ifMatch }) => {
    const { state, version } = await changeTargets(events, { team, settings, actor, now, ifMatch });
    return { body: state, etag: version };
  },
);
