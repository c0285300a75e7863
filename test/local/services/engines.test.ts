import { spawnSync } from 'node:child_process';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, onTestFinished, test } from 'vitest';
import { startDynamo } from '../../../local/engines/dynamo.ts';
import { createJsonClient } from '../../../local/engines/json-client.ts';
import { startKinesis } from '../../../local/engines/kinesis.ts';
import { startS3 } from '../../../local/engines/s3.ts';
import { createDynamoMapping } from '../../../local/event-sources/dynamo-mapping.ts';
import { createKinesisMapping } from '../../../local/event-sources/kinesis-mapping.ts';
import type { StreamMappingOptions } from '../../../local/event-sources/stream-mapping.ts';
import {
  credentials,
  fakeFunctions,
  functionArn,
  resource,
  start,
  temporaryDirectory,
  virtualTime,
} from './fixtures.ts';

type Engine = { readonly endpoint: string; stop(): Promise<void> };

/** Starts an engine that the test's end stops, unless the test did. */
async function started<T extends Engine>(engine: Promise<T>): Promise<T> {
  const running = await engine;
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= running.stop();
    return stopping;
  };
  onTestFinished(stop);
  return { ...running, stop };
}

const configuration = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials });

function mappingOf(eventSourceArn: string, endpoint: string, path?: string) {
  const { functions, calls } = fakeFunctions();
  const options: StreamMappingOptions = {
    ...virtualTime(path),
    functions,
    endpoint,
    mapping: resource('AWS::Lambda::EventSourceMapping', 'Mapping', '', {
      FunctionName: functionArn('consume'),
      EventSourceArn: eventSourceArn,
      StartingPosition: 'LATEST',
    }),
    onFailure: { sendToQueue: () => undefined, putObject: async () => undefined },
  };
  return { options, records: () => calls.flatMap(({ event }) => (event as { Records: object[] }).Records) };
}

test('a Kinesis record reaches its function as Lambda would show it, over HTTP/2 and HTTP/1', async () => {
  const engine = await started(startKinesis({ dataDir: temporaryDirectory() }));
  const overHttp2 = new KinesisClient(configuration(engine.endpoint));
  const overHttp1 = new KinesisClient({ ...configuration(engine.endpoint), requestHandler: new NodeHttpHandler() });
  await engine.ensureStream('Events', 2);
  const put = (client: KinesisClient, text: string, ExplicitHashKey: string) =>
    client.send(
      new PutRecordCommand({ StreamName: 'Events', PartitionKey: text, Data: Buffer.from(text), ExplicitHashKey }),
    );
  const first = await put(overHttp2, 'first', '0');
  await put(overHttp1, 'second', String(2n ** 128n - 1n));
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Events';
  const { options, records } = mappingOf(arn, engine.endpoint);
  const mapping = createKinesisMapping({ ...options, changes: engine.puts });
  expect(await mapping.pump()).toBe(true);
  expect(records()).toHaveLength(2);
  expect(records()).toContainEqual({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'first',
      sequenceNumber: first.SequenceNumber,
      data: Buffer.from('first').toString('base64'),
      approximateArrivalTimestamp: start / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${first.SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/consume',
    awsRegion: 'us-east-1',
    eventSourceARN: arn,
  });
  expect(await mapping.pump()).toBe(false);
  await put(overHttp2, 'third', '0');
  expect(await mapping.pump()).toBe(true);
  expect(records()).toHaveLength(3);
});

test('a client that goes away in the middle of a Kinesis request harms nobody', async () => {
  const engine = await started(startKinesis({ dataDir: temporaryDirectory() }));
  await engine.ensureStream('Events', 1);
  const { hostname, port } = new URL(engine.endpoint);
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Kinesis_20131202.PutRecord\r\nContent-Length: 1000\r\n\r\n';
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.write(`${head}{"StreamName"`, resolve));
  socket.resetAndDestroy();
  const session = connectHttp2(engine.endpoint);
  const stream = session.request({ ':method': 'POST', 'x-amz-target': 'Kinesis_20131202.PutRecord' });
  await new Promise((resolve) => stream.write('{"StreamName"', resolve));
  session.destroy();
  const client = new KinesisClient(configuration(engine.endpoint));
  const put = new PutRecordCommand({ StreamName: 'Events', PartitionKey: 'k', Data: Buffer.from('still here') });
  expect(await client.send(put)).toMatchObject({ ShardId: 'shardId-000000000000' });
});

test('a Kinesis stream and the place in it survive a restart', async () => {
  const dataDir = temporaryDirectory();
  const path = `${dataDir}/journal.db`;
  const put = async (endpoint: string, text: string) => {
    const client = new KinesisClient(configuration(endpoint));
    await client.send(new PutRecordCommand({ StreamName: 'Events', PartitionKey: 'k', Data: Buffer.from(text) }));
  };
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Events';
  const engine = await started(startKinesis({ dataDir }));
  await engine.ensureStream('Events', 1);
  await put(engine.endpoint, 'before');
  await createKinesisMapping(mappingOf(arn, engine.endpoint, path).options).pump();
  await put(engine.endpoint, 'between');
  await engine.stop();
  const again = await started(startKinesis({ dataDir }));
  await again.ensureStream('Events', 1);
  await put(again.endpoint, 'after');
  const { options, records } = mappingOf(arn, again.endpoint, path);
  await createKinesisMapping(options).pump();
  const texts = ['between', 'after'].map((text) => ({ kinesis: { data: Buffer.from(text).toString('base64') } }));
  expect(records()).toMatchObject(texts);
});

test('a stream whose creation was interrupted is made anew', async () => {
  const dataDir = temporaryDirectory();
  const program = fileURLToPath(new URL('./interrupted-creation.ts', import.meta.url));
  const { signal } = spawnSync(process.execPath, [program, dataDir], { stdio: 'inherit' });
  expect(signal).toBe('SIGKILL');
  const engine = await started(startKinesis({ dataDir }));
  await engine.ensureStream('Events', 1);
  const call = createJsonClient(engine.endpoint, 'Kinesis_20131202', 'application/x-amz-json-1.1');
  const { StreamDescriptionSummary } = await call('DescribeStreamSummary', { StreamName: 'Events' });
  expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 1 });
});

test('a write costs the same however long the stream is: the next number is found by an index', async () => {
  const dataDir = temporaryDirectory();
  await started(startDynamo({ dataDir }));
  const database = new DatabaseSync(path.join(dataDir, 'dynamo.db'), { readOnly: true });
  const where = "FROM _stream_records WHERE table_name = 'a'";
  const number = 'CAST(sequence_number AS INTEGER)';
  const plans = [
    `SELECT COALESCE(MAX(${number}), 0) + 1 ${where}`,
    `SELECT event_name ${where} AND shard_id = 'b' AND ${number} > 3 ORDER BY ${number} ASC LIMIT 10`,
  ].map((statement) => database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all());
  database.close();
  expect(plans.flat().map(({ detail }) => String(detail))).toEqual([
    expect.stringMatching(/^SEARCH .* INDEX runway_numbers/),
    expect.stringMatching(/^SEARCH .* INDEX runway_shards/),
  ]);
});

test('changes of a table reach their function with images and virtual time', async () => {
  const engine = await started(startDynamo({ dataDir: temporaryDirectory() }));
  const client = new DynamoDBClient(configuration(engine.endpoint));
  await createTable(client);
  await client.send(new PutItemCommand({ TableName: 'Events', Item: { pk: { S: 'a' }, n: { N: '1' } } }));
  await client.send(new PutItemCommand({ TableName: 'Events', Item: { pk: { S: 'a' }, n: { N: '2' } } }));
  await client.send(new DeleteItemCommand({ TableName: 'Events', Key: { pk: { S: 'a' } } }));
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Events/stream/2001-01-01T00:00:00.000';
  const { options, records } = mappingOf(arn, engine.endpoint);
  const mapping = createDynamoMapping(options);
  await mapping.pump();
  const Keys = { pk: { S: 'a' } };
  const common = { eventSource: 'aws:dynamodb', eventVersion: '1.1', awsRegion: 'us-east-1', eventSourceARN: arn };
  const time = { ApproximateCreationDateTime: start / 1000, StreamViewType: 'NEW_AND_OLD_IMAGES' };
  const images = [
    { NewImage: { ...Keys, n: { N: '1' } } },
    { NewImage: { ...Keys, n: { N: '2' } }, OldImage: { ...Keys, n: { N: '1' } } },
    { OldImage: { ...Keys, n: { N: '2' } } },
  ];
  expect(records()).toMatchObject(
    ['INSERT', 'MODIFY', 'REMOVE'].map((eventName, index) => ({
      ...common,
      eventName,
      dynamodb: { ...time, Keys, ...images[index] },
    })),
  );
  expect(await mapping.pump()).toBe(false);
});

test('a table survives a restart', async () => {
  const dataDir = temporaryDirectory();
  const engine = await started(startDynamo({ dataDir }));
  const client = new DynamoDBClient(configuration(engine.endpoint));
  await createTable(client);
  await client.send(new PutItemCommand({ TableName: 'Events', Item: { pk: { S: 'kept' } } }));
  await engine.stop();
  const again = new DynamoDBClient(configuration((await started(startDynamo({ dataDir }))).endpoint));
  const { Item } = await again.send(new GetItemCommand({ TableName: 'Events', Key: { pk: { S: 'kept' } } }));
  expect(Item).toEqual({ pk: { S: 'kept' } });
});

test('objects survive a restart, conditions on puts hold, and what would damage them is refused', async () => {
  const dataDir = temporaryDirectory();
  const engine = await started(startS3({ dataDir }));
  expect(new URL(engine.endpoint).hostname).toBe('127.0.0.1');
  const options = { forcePathStyle: true };
  const client = new S3Client({ ...configuration(engine.endpoint), ...options });
  const object = { Bucket: 'artifacts', Key: 'routing/late basic+ü.json' };
  await client.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  const put = (Body: string, conditions: object = {}) =>
    client.send(new PutObjectCommand({ ...object, Body, ...conditions }));
  const { ETag } = await put('first', { IfNoneMatch: '*' });
  await expect(put('second', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put('second', { IfMatch: '"0123"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const tagging = new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [] } });
  await expect(client.send(tagging)).rejects.toMatchObject({ name: 'NotImplemented' });
  await put('third', { IfMatch: ETag });
  await engine.stop();
  const restarted = await started(startS3({ dataDir }));
  const again = new S3Client({ ...configuration(restarted.endpoint), ...options });
  const { Body } = await again.send(new GetObjectCommand(object));
  expect(await Body?.transformToString()).toBe('third');
});

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: 'Events',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
}
