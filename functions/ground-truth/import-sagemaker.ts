import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { kinesis } from '../../shared/adapters/clients/kinesis.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import { createS3FailureStore } from '../../shared/adapters/s3/failure-store.ts';
import { createS3DroppedFiles } from '../../shared/adapters/s3/s3-dropped-files.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { env } from '../../shared/runtime/env.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { readObjectCreated } from '../../shared/runtime/object-created.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { type DroppedFile, importSageMakerFile } from '../../shared/use-cases/ground-truth/import-sagemaker-file.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';

const client = dynamo();
const objects = s3();
const importing = {
  directory: createModelDirectory({
    events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
    baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
  }),
  files: createS3DroppedFiles({ client: objects, bucketName: env('GROUND_TRUTH_BUCKET') }),
  failures: createS3FailureStore({ client: objects, bucketName: env('FAILURE_BUCKET') }),
  stream: createKinesisEventStream({ client: kinesis(), streamName: env('EVENT_STREAM') }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
};

export const handler = streamHandler({
  source: 'sqs',
  decode: ({ data }) => readObjectCreated(parseJson(data)),
  handle: oneByOne('anyOrder', async (file: DroppedFile) => {
    const { rejected } = await importSageMakerFile(importing, file);
    if (rejected > 0) emitMetrics({ RecordsRejected: rejected });
  }),
});
