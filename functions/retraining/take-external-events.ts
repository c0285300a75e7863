import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { isRunwayError } from '../../shared/domain/errors.ts';
import { type ExternalEvent, externalDetailSchema } from '../../shared/domain/retraining/external-trigger.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { triggerFromOutside } from '../../shared/use-cases/retraining/trigger-from-outside.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  idempotency: createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') }),
};

const eventSchema = z.object({
  id: z.string().min(1).max(200),
  source: z.string().max(256),
  detail: externalDetailSchema,
});

/** Answers that would be the same tomorrow. */
const refusals: ReadonlySet<string> = new Set(['NotFound', 'IllegalTransition', 'IdempotencyKeyReused']);

/** Somebody outside Runway has put a `RetrainTrigger` on the bus. */
export const handler = streamHandler({
  source: 'sqs',
  decode: ({ data }): ExternalEvent => {
    const { id: eventId, source, detail } = parseOrThrow(eventSchema, parseJson(data));
    return { ...detail, source, eventId };
  },
  handle: oneByOne<'sqs', ExternalEvent>('anyOrder', async (event, { now }) => {
    try {
      logger.info('triggered from outside', { ...event, retrainId: await triggerFromOutside(ports, event, now) });
    } catch (error) {
      if (!isRunwayError(error) || !refusals.has(error.name)) throw error;
      logger.warn('refused a trigger from outside', { ...event, error });
    }
  }),
});
