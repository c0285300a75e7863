import { createHash, randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { packColumns } from '../../shared/domain/ground-truth/pack-columns.ts';
import { bucketOf, partitionKeyOf, type WireEvent } from '../../shared/domain/ground-truth/wire-format.ts';

/** Where a running cloud is found. */
export type Place = {
  readonly apiUrl: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  /** How often each change is sent, under one key. @default 1, without a key */
  readonly attempts?: number;
};

/** One line of a packed record. */
export type PredictionEvent = WireEvent & { readonly record: { readonly predictionId: string } };
export type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly etag: string | null };

/** The cloud did not do what a fact says it does. */
export class FactBroken extends Error {
  override readonly name = 'FactBroken';
}

export function fact(holds: boolean, otherwise: () => string): asserts holds {
  if (!holds) throw new FactBroken(otherwise());
}

const team = 'flights';
/** All roles at once: what each may do is tested elsewhere. */
export const everyRole = {
  sub: 'customer',
  groups: [
    'admin',
    ...['editor', 'approver', 'trainer', 'label-writer', 'prediction-writer'].map((role) => `${role}:${team}`),
  ],
};

export type Customer = ReturnType<typeof createCustomer>;

/** What a team that uses Runway does: calls the API, puts files and records, takes training requests. */
export function createCustomer(place: Place) {
  const { environment, outputs } = place;
  const at = (service: string) => ({
    region: 'us-east-1',
    credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
    maxAttempts: 1,
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  const s3 = new S3Client({ ...at('S3'), forcePathStyle: true });
  const sqs = new SQSClient(at('SQS'));
  const kinesis = new KinesisClient({ ...at('KINESIS'), requestHandler: new NodeHttpHandler() });
  const dynamo = new DynamoDBClient(at('DYNAMODB'));
  const artifacts = outputs.ArtifactBucketName ?? '';

  /** A change is sent as often as the place says; the last answer counts, and is the first one's. */
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { attempts = 1 } = place;
    // What the graph is asked to do has no key.
    const isOnce = attempts === 1 || method === 'GET' || path.startsWith('/v1/graph/');
    if (isOnce) return request(method, path, body, headers);
    const keyed = { 'idempotency-key': randomUUID(), ...headers };
    for (let attempt = 1; attempt < attempts; attempt++) await request(method, path, body, keyed);
    return request(method, path, body, keyed);
  }

  async function request(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const response = await fetch(`${place.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${place.token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text), etag: response.headers.get('etag') };
  }

  /** As `call`, and the answer is the expected one. */
  async function succeed(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer['body']> {
    const answer = await call(method, path, body, headers);
    fact(
      answer.status >= 200 && answer.status < 300,
      () => `${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`,
    );
    return answer.body;
  }

  async function upload(
    key: string,
    text: string | Uint8Array,
  ): Promise<{ readonly uri: string; readonly digest: string }> {
    await s3.send(new PutObjectCommand({ Bucket: artifacts, Key: key, Body: text }));
    return { uri: `s3://${artifacts}/${key}`, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
  }

  /** Puts a file into the ground-truth bucket, as SageMaker does. */
  async function drop(Key: string, Body: string): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: outputs.GroundTruthBucketName ?? '', Key, Body }));
  }

  async function forget(bucket: string, key: string): Promise<void> {
    await s3.send(new DeleteObjectCommand({ Bucket: outputs[bucket] ?? '', Key: key }));
  }

  /** Texts of the objects of a bucket, which is named by its output. */
  async function objects(output: string, prefix: string): Promise<readonly string[]> {
    const bucket = outputs[output] ?? '';
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const bodies = Contents.map(({ Key }) => s3.send(new GetObjectCommand({ Bucket: bucket, Key })));
    return Promise.all((await Promise.all(bodies)).map(({ Body }) => Body?.transformToString() ?? ''));
  }

  /** Takes one training request; undefined when there is none. `isDone` takes it off the queue. */
  async function receiveRequest(): Promise<
    { readonly request: Record<string, string>; done(): Promise<void> } | undefined
  > {
    const QueueUrl = outputs.TrainingRequestQueueUrl;
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }),
    );
    if (message?.Body === undefined) return undefined;
    const { ReceiptHandle } = message;
    return {
      request: JSON.parse(message.Body),
      done: async () => void (await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
    };
  }

  /** Puts a message on a queue, which is named by its output. */
  async function send(output: string, body: unknown): Promise<void> {
    await sqs.send(new SendMessageCommand({ QueueUrl: outputs[output], MessageBody: JSON.stringify(body) }));
  }

  async function putRecord(data: Uint8Array, PartitionKey: string): Promise<void> {
    const StreamName = outputs.EventStreamName;
    const { FailedRecordCount } = await kinesis.send(
      new PutRecordsCommand({ StreamName, Records: [{ Data: data, PartitionKey }] }),
    );
    fact(FailedRecordCount === 0, () => `${FailedRecordCount} records were not taken`);
  }

  /** What an outage may do: the messages of a queue, which is named by its output, are gone. */
  async function purge(output: string): Promise<void> {
    await sqs.send(new PurgeQueueCommand({ QueueUrl: outputs[output] }));
  }

  /** Signs and puts events of one model, as a producer on the stream does. */
  async function stream(modelId: string, key: string, events: readonly PredictionEvent[], buckets = 1): Promise<void> {
    const byBucket = Map.groupBy(events, ({ record }) => bucketOf(record.predictionId, buckets));
    for (const [bucket, members] of byBucket) {
      const records = packColumns(members, { writer: `${team}/tests`, key, modelId, bucket });
      for (const data of records) await putRecord(data, partitionKeyOf(modelId, bucket));
    }
  }

  /** What an operator's slip may do: deletes what the graph's table knows of a stream. */
  async function forgetInGraph(streamId: string): Promise<void> {
    const TableName = outputs.GraphTableName ?? '';
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName })) {
      for (const { pk, sk } of Items)
        if (pk !== undefined && sk?.S === streamId)
          await dynamo.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    }
  }

  function close(): void {
    for (const client of [dynamo, s3, sqs, kinesis]) client.destroy();
  }

  return {
    call,
    succeed,
    upload,
    drop,
    forget,
    objects,
    receiveRequest,
    send,
    purge,
    putRecord,
    stream,
    forgetInGraph,
    close,
  };
}
