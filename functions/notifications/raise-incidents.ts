import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createSqsNotificationQueue } from '../../shared/adapters/sqs/sqs-notification-queue.ts';
import { subjectOf } from '../../shared/domain/notifications/notifying-events.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { raiseIncidents, type SourceHint } from '../../shared/use-cases/notifications/raise-incidents.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  queue: createSqsNotificationQueue({ client: sqs(), queueUrl: env('NOTIFICATION_QUEUE_URL') }),
};

const hintSchema = z.object({
  detail: z.object({ streamId: z.string(), version: z.number(), event: z.looseObject({ type: z.string() }) }),
});

/** Something happened that a team may have to be told of. */
export const handler = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ data }) => {
    const { streamId, version, event } = parseOrThrow(hintSchema, parseJson(data)).detail;
    const subject = subjectOf({ streamId, event });
    return subject === undefined ? undefined : { streamId, version, subject };
  },
  handle: oneByOne<'sqs', SourceHint>('anyOrder', async (hint, { now }) => {
    const notificationIds = await raiseIncidents(ports, hint, now);
    logger.info('raised incidents', { ...hint, notificationIds });
  }),
});
