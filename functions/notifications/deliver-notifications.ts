import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sns } from '../../shared/adapters/clients/sns.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createPinnedHttps } from '../../shared/adapters/notifications/pinned-https.ts';
import { parseTestOrigins, systemResolver } from '../../shared/adapters/notifications/resolve-target.ts';
import { createTargetSender } from '../../shared/adapters/notifications/target-sender.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createSqsNotificationQueue } from '../../shared/adapters/sqs/sqs-notification-queue.ts';
import { instantSchema } from '../../shared/domain/time.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { deliverNotification, sweepNotifications } from '../../shared/use-cases/notifications/deliver-notification.ts';

const vault = secrets();
const [secretPrefix, topicPrefix] = [env('NOTIFICATION_SECRET_PREFIX'), env('NOTIFICATION_TOPIC_PREFIX')];
// Set by tests alone, whose receivers are on this machine.
const testOrigins = process.env.NOTIFICATION_TEST_ORIGINS;
const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  queue: createSqsNotificationQueue({ client: sqs(), queueUrl: env('NOTIFICATION_QUEUE_URL') }),
  sender: createTargetSender({
    post: createPinnedHttps({
      resolver: systemResolver,
      ...(testOrigins !== undefined && { testOrigins: parseTestOrigins(testOrigins) }),
    }),
    sns: sns(),
    secretOf: (team, name) => createSecretsManagerSecret(vault, `${secretPrefix}${team}/${name}`),
    topicArnOf: (team, name) => `${topicPrefix}${team}_${name}`,
    wallClock: Date.now,
  }),
};

const requestSchema = z.object({ notificationId: z.string(), target: z.string(), at: instantSchema });
type Request = z.infer<typeof requestSchema>;

const deliver = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(requestSchema, parseJson(data)),
  handle: oneByOne<'sqs', Request>('anyOrder', async (request) => {
    const delivered = await deliverNotification(ports, request);
    if (delivered.status === 'failed') emitMetrics({ NotificationsUndelivered: 1 });
    logger.info('attempted a delivery', { ...request, ...delivered });
  }),
});

/** Ended quiet hours, long waits between attempts, and what was lost on its way. */
const sweep = scheduledHandler(async ({ now }) => {
  logger.info('swept notifications', { now, sent: await sweepNotifications(ports, now) });
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? deliver(event) : sweep(event);
