import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createSqsNotificationQueue } from '../../shared/adapters/sqs/sqs-notification-queue.ts';
import { replayNotification as operation } from '../../shared/api/notifications.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { replayNotification } from '../../shared/use-cases/notifications/replay-notification.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });
const queue = createSqsNotificationQueue({ client: sqs(), queueUrl: env('NOTIFICATION_QUEUE_URL') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => params.team, idempotency },
  async ({ params, body, actor, now }) => ({
    body: await replayNotification({ events, queue }, { ...params, ...body }, { actor, now }),
  }),
);
