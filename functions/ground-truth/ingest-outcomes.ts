import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { kinesis } from '../../shared/adapters/clients/kinesis.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoEventCounter } from '../../shared/adapters/dynamodb/dynamo-event-counter.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { postOutcomes } from '../../shared/api/ground-truth.ts';
import { isAuthorized } from '../../shared/authorization/authorize.ts';
import { apiWriterOf } from '../../shared/domain/ground-truth/writer-key.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { ingestOutcomes } from '../../shared/use-cases/ground-truth/ingest-outcomes.ts';
import { createModelDirectory } from '../../shared/use-cases/ground-truth/model-directory.ts';

const client = dynamo();
const ports = {
  directory: createModelDirectory({
    events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  }),
  buffer: createDynamoJoinBuffer({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  stream: createKinesisEventStream({ client: kinesis(), streamName: env('EVENT_STREAM') }),
  counter: createDynamoEventCounter({ client, tableName: env('IDEMPOTENCY_TABLE') }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(postOutcomes, { idempotency }, async ({ body, actor, now }) => {
  const mayWrite = (team: string) => isAuthorized(actor, 'postOutcomes', { team });
  return { body: await ingestOutcomes(ports, { items: body.outcomes, now, mayWrite, writer: apiWriterOf(actor.id) }) };
});
