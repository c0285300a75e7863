import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createHttpsLoadProber } from '../../shared/adapters/https-load-prober.ts';
import { createPinnedHttps } from '../../shared/adapters/notifications/pinned-https.ts';
import { systemResolver } from '../../shared/adapters/notifications/resolve-target.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { checkLoadability } from '../../shared/use-cases/rollout/check-loadability.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  prober: createHttpsLoadProber(createPinnedHttps({ resolver: systemResolver })),
  artifacts: createS3ArtifactStore({ client: s3(), bucketName: env('ARTIFACT_BUCKET') }),
};

export const handler = taskHandler(z.object({ rolloutId: z.string() }), (task) => checkLoadability(ports, task));
