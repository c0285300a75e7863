import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventCounter } from '../../shared/adapters/dynamodb/dynamo-event-counter.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createS3LineageInbox } from '../../shared/adapters/s3/s3-lineage-inbox.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { postLineageBatch } from '../../shared/api/lineage.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { acceptLineageBatch } from '../../shared/use-cases/graph/openlineage/accept-lineage.ts';
import { createWriterDirectory } from '../../shared/use-cases/ground-truth/writer-directory.ts';

const client = dynamo();
const ports = {
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
  writers: createWriterDirectory(createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') })),
  counter: createDynamoEventCounter({ client, tableName: env('IDEMPOTENCY_TABLE') }),
  inbox: createS3LineageInbox({
    s3: s3(),
    sqs: sqs(),
    bucketName: env('GRAPH_BUCKET'),
    queueUrl: env('LINEAGE_QUEUE_URL'),
  }),
};

export const handler = apiHandler(postLineageBatch, {}, async ({ body: events, raw: { headers }, now }) => {
  const refused = await acceptLineageBatch(ports, { headers, events, now });
  if (refused.length === 0) return { status: 204 };
  const [received, failed] = [events.length, refused.length];
  const summary = { received, successful: received - failed, failed, retriable: 0, non_retriable: failed };
  const failed_events = refused.map((event) => ({ ...event, retriable: false }));
  return { body: { status: 'partial_success' as const, summary, failed_events } };
});
