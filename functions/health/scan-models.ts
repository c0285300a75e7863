import type { Context, SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import { createGatheringEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createGatheringEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createRememberedGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { createSqsScanQueue } from '../../shared/adapters/sqs/sqs-scan-queue.ts';
import { fleetContextSchema } from '../../shared/domain/health/fleet-context.ts';
import { fleetFigures, type ScannedModel } from '../../shared/domain/health/fleet-figures.ts';
import { instantSchema } from '../../shared/domain/time.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitByTier, emitMetrics } from '../../shared/runtime/metrics.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createEvaluatedVersions } from '../../shared/use-cases/health/evaluated-versions.ts';
import { scanModels, scanShard } from '../../shared/use-cases/health/scan-models.ts';

const client = dynamo();
const health = { client, tableName: env('HEALTH_TABLE') };
const events = createGatheringEventStore({ client, tableName: env('EVENTS_TABLE') });
/** Of the 1,769 MB; a week of a model with ten features takes about 200 KB. */
const rememberedBytes = 600_000_000;
const ports = {
  events,
  metrics: createRememberedGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }, rememberedBytes),
  versions: createEvaluatedVersions(events, createDynamoBaselineStore(health), {
    stabilities: createDynamoEmbeddingStabilityStore(health),
  }),
  evaluations: createGatheringEvaluationStore(health),
};
const queue = createSqsScanQueue({ client: sqs(), queueUrl: env('SCAN_QUEUE_URL') });

function onFailure(modelId: string, error: unknown): void {
  logger.error('a model could not be evaluated', { modelId, error: error instanceof Error ? error : String(error) });
}

const scan = scheduledHandler(async ({ now }) => {
  const scanned: ScannedModel[] = [];
  const onScanned = (model: ScannedModel) => void scanned.push(model);
  try {
    logger.info('scanned the models', { now, ...(await scanModels(ports, { now, queue, onFailure, onScanned })) });
  } finally {
    const { overall, byTier } = fleetFigures(scanned);
    emitMetrics(overall);
    emitByTier(byTier);
  }
});

const shardSchema = z.object({
  now: instantSchema,
  modelIds: z.array(z.string()),
  fleet: fleetContextSchema.optional(),
});

const takeShard = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(shardSchema, parseJson(data)),
  handle: oneByOne<'sqs', z.infer<typeof shardSchema>>('anyOrder', async (shard) => {
    const Evaluations = await scanShard(ports, shard, { onFailure });
    emitMetrics({ Evaluations });
    logger.info('scanned a shard of the models', { now: shard.now, evaluated: Evaluations });
  }),
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }, context?: Context) =>
  'Records' in event ? takeShard(event, context) : scan(event, context);
