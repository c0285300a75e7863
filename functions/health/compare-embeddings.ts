import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createTableEmbeddingReader } from '../../shared/adapters/tables/table-embedding-reader.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { compareEmbeddings } from '../../shared/use-cases/health/compare-embeddings.ts';

const client = dynamo();
const artifacts = createS3ArtifactStore({ client: s3(), bucketName: env('ARTIFACT_BUCKET') });
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  stabilities: createDynamoEmbeddingStabilityStore({ client, tableName: env('HEALTH_TABLE') }),
  reader: createTableEmbeddingReader(artifacts),
};

const versionSchema = z.object({ modelId: z.string(), version: z.number().int() });
const hintSchema = z.object({ detail: z.object({ event: z.object({ version: versionSchema }) }) });

type Version = z.infer<typeof versionSchema>;

/** A version with embeddings was registered. */
export const handler = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ data }) => parseOrThrow(hintSchema, parseJson(data)).detail.event.version,
  handle: oneByOne<'sqs', Version>('anyOrder', async ({ modelId, version }, { now }) => {
    const stability = await compareEmbeddings(ports, { modelId, version, now });
    const { referenceVersion, report, reason } = stability ?? {};
    logger.info('compared embeddings', { modelId, version, referenceVersion, verdict: report?.verdict.kind, reason });
  }),
});
