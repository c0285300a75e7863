import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventCounter } from '../../shared/adapters/dynamodb/dynamo-event-counter.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createS3LineageInbox } from '../../shared/adapters/s3/s3-lineage-inbox.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { env } from '../../shared/runtime/env.ts';
import type { LineageEndpoint } from '../../shared/use-cases/graph/openlineage/accept-lineage.ts';
import { createWriterDirectory } from '../../shared/use-cases/ground-truth/writer-directory.ts';

const client = dynamo();

/** What both routes of OpenLineage take events with. */
export const lineageEndpoint: LineageEndpoint = {
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
