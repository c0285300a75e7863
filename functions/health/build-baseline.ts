import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createReferenceFiles } from '../../shared/adapters/tables/reference-files.ts';
import { modelIdSchema, versionNumberSchema } from '../../shared/domain/registry/schemas.ts';
import * as z from '../../shared/domain/zod.ts';
import type { BaselineRequest } from '../../shared/ports/baseline-queue.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { buildPendingBaseline } from '../../shared/use-cases/health/build-pending-baseline.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  files: createReferenceFiles(createS3ArtifactStore({ client: s3(), bucketName: env('ARTIFACT_BUCKET') })),
  baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
};

const requestSchema = z.object({ detail: z.object({ modelId: modelIdSchema, version: versionNumberSchema }) });

/** A version waits for its baseline. */
export const handler = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ data }) => parseOrThrow(requestSchema, parseJson(data)).detail,
  handle: oneByOne<'sqs', BaselineRequest>('anyOrder', async (request, { now }) => {
    logger.info('read a reference window', { ...request, result: await buildPendingBaseline(ports, request, now) });
  }),
});
