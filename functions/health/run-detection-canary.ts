import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { kinesis } from '../../shared/adapters/clients/kinesis.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { connectRouting } from '../../shared/adapters/connect-routing.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoCanaryStore } from '../../shared/adapters/dynamodb/dynamo-canary-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createS3ArtifactWriter } from '../../shared/adapters/s3/s3-artifact-writer.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { createReferenceFiles } from '../../shared/adapters/tables/reference-files.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';
import { runDetectionCanary } from '../../shared/use-cases/health/run-detection-canary.ts';

const client = dynamo();
const objects = s3();
const health = { client, tableName: env('HEALTH_TABLE') };
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const baselines = createDynamoBaselineStore(health);
const artifactBucket = { client: objects, bucketName: env('ARTIFACT_BUCKET') };
const artifacts = createS3ArtifactStore(artifactBucket);
const never = (what: string) => () => Promise.reject(new Error(`the detection canary ${what}`));
const ports = {
  events,
  artifacts,
  baselines,
  files: createReferenceFiles(artifacts),
  writer: createS3ArtifactWriter(artifactBucket),
  routing: connectRouting({
    client: objects,
    bucketName: env('ROUTING_BUCKET'),
    connections: env('ROUTING_CONNECTIONS'),
  }),
  directory: createModelDirectory({ events, baselines }),
  stream: createKinesisEventStream({ client: kinesis(), streamName: env('EVENT_STREAM') }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
  canary: createDynamoCanaryStore(health),
  // Its reference window is small, and its one version needs no rollout.
  queue: { send: never('has no large reference window') },
  workflows: {
    start: never('starts no rollout'),
    stop: never('stops no rollout'),
    succeedTask: never('has no task'),
    failTask: never('has no task'),
  },
};

export const handler = scheduledHandler(async ({ now }) => {
  const { detectionMinutes, missed, alertPrecision } = await runDetectionCanary(ports, now);
  logger.info('the detection canary ticked', { now, detectionMinutes, missed, alertPrecision });
  emitMetrics({
    DetectionCanaryTicks: 1,
    ...(detectionMinutes !== undefined && { DetectionMinutes: detectionMinutes }),
    ...(missed !== undefined && { DetectionsMissed: missed }),
    ...(alertPrecision !== undefined && { AlertPrecision: alertPrecision }),
  });
});
