import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { parseStageFreeze } from '../../shared/domain/retraining/rules/retraining-windows.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { env } from '../../shared/runtime/env.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { advanceCascades } from '../../shared/use-cases/retraining/advance-cascades.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createGraphView(
    createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
    createS3SnapshotStore({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  ),
  stageFreezes: parseStageFreeze(env('RETRAIN_FREEZE')),
  limits: retrainLimits(),
};

async function advance(now: Instant): Promise<void> {
  const { cascades, failures } = await advanceCascades(ports, now);
  for (const { cascadeId, error } of failures)
    logger.error('a cascade could not be advanced', {
      cascadeId,
      error: error instanceof Error ? error : String(error),
    });
  logger.info('advanced the cascades', { now, cascades });
}

/** A version was promoted, or something that a cascade may wait for has ended; a batch is one look at all cascades. */
const advanceHinted = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ now }) => now,
  handle: async (records) => {
    const [latest] = records.map(({ item }) => item).toSorted((a, b) => (a < b ? 1 : -1));
    if (latest !== undefined) await advance(latest);
    return [];
  },
});

/** Ended cooldowns, opened windows, and whatever a lost hint or a crash left behind. */
const sweep = scheduledHandler(({ now }) => advance(now));

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? advanceHinted(event) : sweep(event);
