import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { isRunwayError } from '../../shared/domain/errors.ts';
import {
  dependencyChangeSchema,
  type ExternalDependencyChange,
} from '../../shared/domain/retraining/external-dependency-change.ts';
import { type ExternalEvent, externalDetailSchema } from '../../shared/domain/retraining/external-trigger.ts';
import type { Instant } from '../../shared/domain/time.ts';
import * as z from '../../shared/domain/zod.ts';
import { dependencyChangeType, externalTriggerType } from '../../shared/names.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { reportDependencyChange } from '../../shared/use-cases/retraining/report-dependency-change.ts';
import { triggerFromOutside } from '../../shared/use-cases/retraining/trigger-from-outside.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
  idempotency: createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') }),
};

const envelope = { id: z.string().min(1).max(200), source: z.string().max(256) };
const eventSchema = z.discriminatedUnion('detail-type', [
  z.object({ ...envelope, 'detail-type': z.literal(externalTriggerType), detail: externalDetailSchema }),
  z.object({ ...envelope, 'detail-type': z.literal(dependencyChangeType), detail: dependencyChangeSchema }),
]);
type Taken = ExternalEvent | ExternalDependencyChange;

/** Answers that would be the same tomorrow. */
const refusals: ReadonlySet<string> = new Set(['NotFound', 'IllegalTransition', 'IdempotencyKeyReused']);

async function trigger(event: ExternalEvent, now: Instant): Promise<void> {
  try {
    logger.info('triggered from outside', { ...event, retrainId: await triggerFromOutside(ports, event, now) });
  } catch (error) {
    if (!isRunwayError(error) || !refusals.has(error.name)) throw error;
    logger.warn('refused a trigger from outside', { ...event, error });
  }
}

/** Somebody outside Runway has put a `RetrainTrigger` or a `DependencyChange` on the bus. */
export const handler = streamHandler({
  source: 'sqs',
  decode: ({ data }): Taken => {
    const { id: eventId, source, detail } = parseOrThrow(eventSchema, parseJson(data));
    return { ...detail, source, eventId };
  },
  handle: oneByOne<'sqs', Taken>('anyOrder', async (event, { now }) => {
    if ('modelId' in event) await trigger(event, now);
    else logger.info('something upstream changes', { ...event, told: await reportDependencyChange(ports, event, now) });
  }),
});
