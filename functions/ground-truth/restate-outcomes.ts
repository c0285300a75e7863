import type { Context, SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { createSqsRestatementQueue } from '../../shared/adapters/sqs/sqs-restatement-queue.ts';
import { createSqsScanQueue } from '../../shared/adapters/sqs/sqs-scan-queue.ts';
import * as z from '../../shared/domain/zod.ts';
import type { RestatementMessage } from '../../shared/ports/restatement-queue.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { continueRestatement, resumeRestatements } from '../../shared/use-cases/ground-truth/continue-restatement.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';
import { startRestatements } from '../../shared/use-cases/ground-truth/start-restatements.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  directory: createModelDirectory({ events }),
  buffer: createDynamoJoinBuffer({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  queue: createSqsRestatementQueue({ client: sqs(), queueUrl: env('RESTATEMENT_QUEUE_URL') }),
  scans: createSqsScanQueue({ client: sqs(), queueUrl: env('SCAN_QUEUE_URL') }),
};

const messageSchema = z.object({
  detail: z.union([z.object({ writer: z.string(), revision: z.number() }), z.object({ restatementId: z.string() })]),
});

const restate = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ data }) => parseOrThrow(messageSchema, parseJson(data)).detail,
  handle: oneByOne<'sqs', RestatementMessage>('anyOrder', async (message, { now }) => {
    if ('restatementId' in message) await continueRestatement(ports, message.restatementId, now);
    else logger.info('restates', { ...message, models: await startRestatements(ports, message, now) });
  }),
});

/** Whatever a lost message or a crash left behind. */
const resume = scheduledHandler(async () => {
  logger.info('resumed restatements', { asked: await resumeRestatements(ports) });
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }, context?: Context) =>
  'Records' in event ? restate(event, context) : resume(event, context);
