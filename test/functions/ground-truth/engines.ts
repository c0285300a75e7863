import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { KinesisStreamEvent } from 'aws-lambda';
import { startKinesis } from '../../../local/engines/kinesis.ts';
import { startS3 } from '../../../local/engines/s3.ts';
import { createDynamoBaselineStore } from '../../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { eventsTable, keyedTable, startDynoxide } from '../../contracts/dynoxide.ts';
import { healthTable } from '../../contracts/evaluation-store.health-table.ts';
import { groundTruthTable } from '../../contracts/join-buffer.table.ts';
import { receivedAt } from '../../unit/runtime/http-event.ts';

export type Engines = Awaited<ReturnType<typeof startEngines>>;

export const rootSecret = 'root secret of the test';

/** Every service the functions of this capability reach, with the environment that leads them there. */
export async function startEngines() {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-ground-truth-'));
  const [dynoxide, objects, streams, secrets] = await Promise.all([
    startDynoxide(),
    startS3({ dataDir }),
    startKinesis({ dataDir }),
    startSecrets(),
  ]);
  for (const table of [eventsTable('Events'), healthTable('Health'), keyedTable('Idempotency'), groundTruthTable])
    await dynoxide.createTable(table);
  await streams.ensureStream('events', 1);
  const restore = setEnvironment({
    AWS_ENDPOINT_URL_DYNAMODB: dynoxide.endpoint,
    AWS_ENDPOINT_URL_S3: objects.endpoint,
    AWS_ENDPOINT_URL_KINESIS: streams.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'failures' }));
  const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });
  const { client } = dynoxide;
  return {
    events: createDynamoEventStore({ client, tableName: 'Events' }),
    baselines: createDynamoBaselineStore({ client, tableName: 'Health' }),
    arrivals: arrivalsOf(kinesis),
    putRecord: (PartitionKey: string, Data: Uint8Array) =>
      kinesis.send(new PutRecordCommand({ StreamName: 'events', PartitionKey, Data })),
    failures: () => failuresIn(s3),
    stop: async () => {
      restore();
      s3.destroy();
      kinesis.destroy();
      await Promise.all([dynoxide.stop(), objects.stop(), streams.stop(), secrets.stop()]);
      rmSync(dataDir, { recursive: true });
    },
  };
}

function setEnvironment(endpoints: Record<string, string>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, endpoints, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    EVENTS_TABLE: 'Events',
    HEALTH_TABLE: 'Health',
    IDEMPOTENCY_TABLE: 'Idempotency',
    GROUND_TRUTH_TABLE: 'GroundTruth',
    EVENT_STREAM: 'events',
    FAILURE_BUCKET: 'failures',
    WRITER_KEY_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:root',
  });
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  };
}

/** Secrets Manager, as far as one secret goes. */
async function startSecrets() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ SecretString: rootSecret }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What Lambda would hand to the consumer: everything new on the stream, arrived when the requests were received. */
function arrivalsOf(kinesis: KinesisClient) {
  let after: string | undefined;
  return async (): Promise<KinesisStreamEvent> => {
    const start =
      after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: after };
    const shard = { StreamName: 'events', ShardId: 'shardId-000000000000' };
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ ...shard, ...start }));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    after = Records.at(-1)?.SequenceNumber ?? after;
    const event = Records.map(({ SequenceNumber, PartitionKey, Data }) => ({
      eventID: `${shard.ShardId}:${SequenceNumber}`,
      kinesis: {
        sequenceNumber: SequenceNumber,
        partitionKey: PartitionKey,
        data: Buffer.from(Data!).toString('base64'),
        approximateArrivalTimestamp: Date.parse(receivedAt) / 1_000,
      },
    }));
    return { Records: event } as unknown as KinesisStreamEvent;
  };
}

async function failuresIn(s3: S3Client): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
  const failures = new Map<string, Record<string, unknown>>();
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'failures', Key }));
    failures.set(Key, JSON.parse(await Body!.transformToString()));
  }
  return failures;
}
