import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createS3RawArchive } from '../../shared/adapters/s3/s3-raw-archive.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { archiveRecords } from '../../shared/use-cases/ground-truth/archive-records.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';
import { createWriterDirectory } from '../../shared/use-cases/ground-truth/writer-directory.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const opening = {
  directory: createModelDirectory({
    events,
    baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
  }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
  writers: createWriterDirectory(events),
};
const archive = createS3RawArchive({ client: s3(), bucketName: env('GROUND_TRUTH_BUCKET') });

export const handler = streamHandler({
  source: 'kinesis',
  decode: (record) => record,
  handle: async (records) => {
    const { rows, failed } = await archiveRecords(
      { opening, archive },
      records.map(({ arrival }) => arrival),
    );
    if (rows > 0) emitMetrics({ RowsArchived: rows });
    if (failed.length > 0) emitMetrics({ RecordsDeferred: failed.length });
    for (const { id, error } of failed)
      logger.warn('a record has to come again', { id, error: error instanceof Error ? error : String(error) });
    return failed.map(({ id }) => id);
  },
});
