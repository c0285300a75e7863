import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventCounter } from '../../shared/adapters/dynamodb/dynamo-event-counter.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { createS3FailureStore } from '../../shared/adapters/s3/failure-store.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitByTier, emitMetrics } from '../../shared/runtime/metrics.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createBucketCache } from '../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinRecords } from '../../shared/use-cases/ground-truth/join-records.ts';
import { createJoinTally } from '../../shared/use-cases/ground-truth/join-tally.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';
import { openRecord } from '../../shared/use-cases/ground-truth/open-record.ts';
import { putPoison } from '../../shared/use-cases/ground-truth/put-aside.ts';
import { readDistrusted, withDistrusted } from '../../shared/use-cases/ground-truth/read-distrusted.ts';
import { rejectionFigures } from '../../shared/use-cases/ground-truth/rejection-figures.ts';
import { createWriterAllowance } from '../../shared/use-cases/ground-truth/writer-allowance.ts';
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
  allowance: createWriterAllowance(createDynamoEventCounter({ client, tableName: env('IDEMPOTENCY_TABLE') })),
};
const failures = createS3FailureStore({ client: s3(), bucketName: env('FAILURE_BUCKET') });
const joining = {
  buffer: createDynamoJoinBuffer({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  cache: createBucketCache(),
  failures,
};

export const handler = streamHandler({
  source: 'kinesis',
  decode: (record) => openRecord(opening, record),
  poison: async (record, cause) => {
    await putPoison(failures, record, cause);
    emitMetrics({ RecordsRejected: 1, ...rejectionFigures(cause) });
  },
  handle: async (records) => {
    const distrustedOf = await readDistrusted(events);
    const tally = createJoinTally();
    const failed = await joinRecords(
      // How long a commit took to come is all that the wall clock is asked; nothing is decided by it.
      { ...joining, onJoined: (batch, joined) => tally.add(batch, joined, Date.now()) },
      records.map(({ item, arrival }) => ({
        record: arrival,
        opened: { ...item, model: withDistrusted(item.model, distrustedOf) },
      })),
    );
    const { outcomes, lagSecondsByTier } = tally.figures();
    emitMetrics(outcomes);
    emitByTier(new Map([...lagSecondsByTier].map(([tier, seconds]) => [tier, { JoinLagSeconds: seconds }])));
    const rejected = records.reduce((sum, { item }) => sum + item.rejected.length, 0);
    if (rejected > 0) emitMetrics({ RecordsRejected: rejected });
    if (failed.length > 0) emitMetrics({ RecordsDeferred: failed.length });
    for (const { id, error } of failed)
      logger.warn('a record has to come again', { id, error: error instanceof Error ? error : String(error) });
    return failed.map(({ id }) => id);
  },
});
