import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createSqsNotificationQueue } from '../../shared/adapters/sqs/sqs-notification-queue.ts';
import { acknowledgeIncident as operation } from '../../shared/api/notifications.ts';
import type { IncidentState } from '../../shared/domain/notifications/incident.ts';
import { incidentStream } from '../../shared/domain/stream-ids.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { acknowledgeIncident } from '../../shared/use-cases/notifications/acknowledge-incident.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });
const queue = createSqsNotificationQueue({ client: sqs(), queueUrl: env('NOTIFICATION_QUEUE_URL') });

export const handler = apiHandler(
  operation,
  {
    team: async ({ params }) => (await events.head<IncidentState>(incidentStream(params.incidentId)))?.state.team,
  },
  async ({ params, body, actor, now }) => ({
    body: await acknowledgeIncident({ events, queue }, { ...params, ...body }, { actor, now }),
  }),
);
