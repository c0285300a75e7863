import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startKinesis } from '../../local/engines/kinesis.ts';
import { startS3 } from '../../local/engines/s3.ts';
import { readFailedBatch } from '../../scripts/redrive/failed-batch.ts';
import { type KeyedRecord, readBatch } from '../../scripts/redrive/read-batch.ts';
import { redriveBatches } from '../../scripts/redrive/redrive-batches.ts';
import { redrivePoison } from '../../scripts/redrive/redrive-poison.ts';
import { reportLines } from '../../scripts/redrive/redriven.ts';
import { failureDocument, failureKey } from '../../shared/adapters/failure-document.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-redrive-'));
const streamName = 'events';
const shardId = 'shardId-000000000000';
const engines: { stop(): Promise<void> | void }[] = [];
let kinesis: KinesisClient;
let s3: S3Client;
let numbers: readonly string[];

beforeAll(async () => {
  const stream = await startKinesis({ dataDir });
  const objects = await startS3({ dataDir });
  engines.push(stream, objects);
  await stream.ensureStream(streamName, 1);
  const at = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  kinesis = new KinesisClient({ ...at, endpoint: stream.endpoint, requestHandler: new NodeHttpHandler() });
  s3 = new S3Client({ ...at, endpoint: objects.endpoint, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'failures' }));
});
afterAll(async () => {
  kinesis.destroy();
  s3.destroy();
  for (const engine of engines) await engine.stop();
  rmSync(dataDir, { recursive: true });
});

/** Ten records more, `0` to `9`, under the keys `late-live:0` and `late-live:1`. */
beforeEach(async () => {
  const put: string[] = [];
  for (const i of Array.from({ length: 10 }).keys()) {
    const record = { StreamName: streamName, PartitionKey: `late-live:${i % 2}`, Data: Buffer.from(String(i)) };
    put.push((await kinesis.send(new PutRecordCommand(record))).SequenceNumber ?? '');
  }
  numbers = put;
});

/** As Lambda writes it; `change` tells what differs. */
function message(from: number, to: number, change: object = {}): string {
  const info = {
    shardId,
    startSequenceNumber: numbers[from],
    endSequenceNumber: numbers[to],
    approximateArrivalOfFirstRecord: '2026-11-01T06:00:00Z',
    approximateArrivalOfLastRecord: '2026-11-01T06:05:00Z',
    batchSize: to - from + 1,
    streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events',
    ...change,
  };
  const requestContext = { requestId: 'r', functionArn: 'f', condition: 'RetryAttemptsExhausted' };
  return JSON.stringify({ requestContext, version: '1.0', KinesisBatchInfo: info });
}

const texts = (records: readonly KeyedRecord[]) =>
  records.map(({ partitionKey, data }) => `${partitionKey} ${Buffer.from(data).toString()}`);

async function read(body: string): Promise<readonly string[]> {
  const found: KeyedRecord[] = [];
  for await (const page of readBatch({ client: kinesis, streamName }, readFailedBatch(body))) found.push(...page);
  return texts(found);
}

/** What is on the stream after the ten. */
async function added(): Promise<readonly string[]> {
  const from = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: numbers.at(-1) } as const;
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName: streamName, ShardId: shardId, ...from }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ PartitionKey, Data }) => `${PartitionKey} ${Buffer.from(Data ?? []).toString()}`);
}

/** A queue that shows each message once, as with a visibility timeout. */
function queueOf(bodies: readonly string[]) {
  const visible = bodies.map((Body, i) => ({ MessageId: `m${i}`, ReceiptHandle: `r${i}`, Body }));
  const deleted: unknown[] = [];
  const send = async (command: unknown) => {
    if (command instanceof DeleteMessageCommand) deleted.push(command.input.ReceiptHandle);
    return { Messages: command instanceof ReceiveMessageCommand ? visible.splice(0, 1) : [] };
  };
  // Only `send` is ever called.
  return { deleted, sqs: { send } as unknown as SQSClient };
}

describe('a batch that was given up', () => {
  it('is read as it was put, from its first record to its last', async () => {
    expect(await read(message(2, 4))).toEqual(['late-live:0 2', 'late-live:1 3', 'late-live:0 4']);
    expect(await read(message(9, 9))).toEqual(['late-live:1 9']);
  });

  it('is not read in part: what the stream no longer has is said, with when it arrived', async () => {
    await expect(read(message(2, 4, { batchSize: 5 }))).rejects.toThrow(
      'the stream has 3 of 5 of its records, which arrived from 2026-11-01T06:00:00Z to 2026-11-01T06:05:00Z',
    );
    await expect(read(message(2, 4, { startSequenceNumber: '0', shardId: 'shardId-000000000009' }))).rejects.toThrow(
      'the stream has none of its records',
    );
  });

  it('is on the stream again, and off the queue, under the keys that it had', async () => {
    const { sqs, deleted } = queueOf([message(0, 1), message(5, 5)]);
    const redriven = await redriveBatches({ kinesis, sqs, streamName }, 'queue');
    expect(redriven).toEqual({ done: 2, records: 3, left: [] });
    expect(deleted).toEqual(['r0', 'r1']);
    expect(await added()).toEqual(['late-live:0 0', 'late-live:1 1', 'late-live:1 5']);
  });

  it('stays in the queue when it cannot be read, and keeps no other from being redriven', async () => {
    const { sqs, deleted } = queueOf(['not JSON', message(0, 0, { batchSize: 7 }), message(1, 1)]);
    const redriven = await redriveBatches({ kinesis, sqs, streamName }, 'queue');
    expect(redriven).toMatchObject({ done: 1, left: [{ what: 'message m0' }, { what: 'message m1' }] });
    expect(deleted).toEqual(['r2']);
    expect(reportLines(redriven).map((line) => line.split(':')[0])).toEqual([
      `${redriven.records} records of 1 failures are on the stream again`,
      'left',
      'left',
    ]);
  });
});

describe('a poison record', () => {
  const failure = {
    source: 'ground-truth-join-events',
    id: '495903',
    failedAt: '2026-11-01T06:00:00.000Z',
    cause: { code: 'unknown-model', reason: 'no model late-live' },
    partitionKey: 'late-live:0',
    data: Buffer.from('a record'),
  };
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: 'failures', Key, Body }));
  const keys = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
    return Contents.map(({ Key }) => Key);
  };
  const redrive = (prefix: string) => redrivePoison({ kinesis, s3, streamName, failureBucket: 'failures' }, prefix);

  it('is on the stream again as it was, and its document is gone; others stay', async () => {
    await put(failureKey(failure), failureDocument(failure));
    await put('poison/ground-truth-join-events/2026-11-01/x.json', '{"data":"!"}');
    await put('poison/elsewhere/2026-11-01/1.json', failureDocument({ ...failure, source: 'elsewhere' }));
    expect(await redrive('poison/')).toMatchObject({
      done: 1,
      records: 1,
      left: [
        { what: 'poison/elsewhere/2026-11-01/1.json' },
        { what: 'poison/ground-truth-join-events/2026-11-01/x.json' },
      ],
    });
    expect(await added()).toEqual(['late-live:0 a record']);
    expect(await keys()).toEqual([
      'poison/elsewhere/2026-11-01/1.json',
      'poison/ground-truth-join-events/2026-11-01/x.json',
    ]);
  });
});
