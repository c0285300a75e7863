import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createSqsBaselineQueue } from '../../shared/adapters/sqs/sqs-baseline-queue.ts';
import { createReferenceFiles } from '../../shared/adapters/tables/reference-files.ts';
import { registerVersion as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { registerVersion } from '../../shared/use-cases/registry/register-version.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const artifacts = createS3ArtifactStore({ client: s3(), bucketName: env('ARTIFACT_BUCKET') });
const ports = {
  events,
  artifacts,
  files: createReferenceFiles(artifacts),
  baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
  queue: createSqsBaselineQueue({ client: sqs(), queueUrl: env('BASELINE_QUEUE_URL') }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params: { modelId }, body: definition, actor, now }) => {
    const { version, isNew } = await registerVersion(ports, { modelId, definition, actor, now });
    return { status: isNew ? 201 : 200, body: version };
  },
);
