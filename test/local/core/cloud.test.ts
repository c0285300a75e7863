import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { QueueDoesNotExist, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { bootCloud, type Cloud, type CloudOptions } from '../../../local/cloud.ts';
import { writeShop } from './shop.ts';
import { temporaryDirectory } from './write-assembly.ts';

const start = '2001-01-22T06:00:00.000Z';
const assembly = writeShop();
let cloud: Cloud;

function boot(options: Partial<CloudOptions> = {}): Promise<Cloud> {
  return bootCloud({ assembly, dataDir: temporaryDirectory(), clock: { mode: 'virtual', start }, ...options });
}

/** A cloud of the test's own, with nothing in it. */
async function bootFresh(options: Partial<CloudOptions> = {}): Promise<Cloud> {
  const fresh = await boot(options);
  onTestFinished(() => fresh.stop());
  return fresh;
}

beforeAll(async () => {
  cloud = await boot();
});
afterAll(() => cloud.stop());

/** What a client needs to reach one service of `of`. */
function reach(service: string, of: Cloud) {
  const environment = of.sdkEnvironment();
  const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: 'local' };
  return {
    region: environment.AWS_REGION ?? '',
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
    credentials,
  };
}

/** The events of one kind that the recorder was called with, in no order. */
async function seen(kind: string, of: Cloud = cloud): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await new DynamoDBClient(reach('DYNAMODB', of)).send(
    new QueryCommand({
      TableName: of.outputs.SeenTable,
      KeyConditionExpression: 'pk = :kind',
      ExpressionAttributeValues: { ':kind': { S: kind } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => JSON.parse(item.event?.S ?? ''));
}

const queue = (of: Cloud = cloud) => new SQSClient(reach('SQS', of));
const send = (of: Cloud, MessageBody: string, DelaySeconds = 0) =>
  queue(of).send(new SendMessageCommand({ QueueUrl: of.outputs.OrdersQueue, MessageBody, DelaySeconds }));

const click = (of: Cloud) =>
  new KinesisClient(reach('KINESIS', of)).send(
    new PutRecordCommand({ StreamName: of.outputs.ClicksStream, PartitionKey: 'p', Data: Buffer.from('click') }),
  );

describe('work that nobody waits for', () => {
  test('a message in a queue reaches the function of its mapping', async () => {
    await send(cloud, 'one book');
    await cloud.pump();
    expect(await seen('aws:sqs')).toMatchObject([{ Records: [{ body: 'one book' }] }]);
  });

  test('a change in a table reaches the function of its stream', async () => {
    const Item = { pk: { S: 'war-and-peace' } };
    await new DynamoDBClient(reach('DYNAMODB', cloud)).send(
      new PutItemCommand({ TableName: cloud.outputs.BooksTable, Item }),
    );
    await cloud.pump();
    expect(await seen('aws:dynamodb')).toMatchObject([
      { Records: [{ eventName: 'INSERT', dynamodb: { NewImage: Item } }] },
    ]);
  });

  test('a record in a stream reaches the function of its mapping', async () => {
    await click(cloud);
    await cloud.pump();
    expect(await seen('aws:kinesis')).toMatchObject([
      { Records: [{ kinesis: { data: Buffer.from('click').toString('base64') } }] },
    ]);
  });

  test('an event on the bus reaches the target of its rule, and no other event does', async () => {
    const bus = new EventBridgeClient(reach('EVENTBRIDGE', cloud));
    const entry = { EventBusName: cloud.outputs.BusName, Source: 'shop', Detail: '{"title":"War and Peace"}' };
    const Entries = [
      { ...entry, DetailType: 'BookSold' },
      { ...entry, DetailType: 'BookLost' },
    ];
    await bus.send(new PutEventsCommand({ Entries }));
    await cloud.pump();
    expect(await seen('BookSold')).toMatchObject([{ detail: { title: 'War and Peace' }, source: 'shop' }]);
    expect(await seen('BookLost')).toEqual([]);
  });

  test('a schedule calls at each of its times, and workflows wait, while the clock moves on', async () => {
    const other = await bootFresh();
    const workflows = new SFNClient(reach('SFN', other));
    const begin = new StartExecutionCommand({ stateMachineArn: other.outputs.WorkflowArn });
    const { executionArn } = await workflows.send(begin);
    await other.advanceTo('2001-01-22T06:59:59.000Z');
    expect(await seen('workflow', other)).toEqual([]);
    await other.advanceTo('2001-01-24T12:00:00.000Z');
    expect(await seen('workflow', other)).toEqual([{ kind: 'workflow' }]);
    expect(await workflows.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'SUCCEEDED' });
    const times = (await seen('schedule', other)).map((event) => String(event.at));
    expect(times.toSorted()).toEqual(['2001-01-23T06:00:00Z', '2001-01-24T06:00:00Z']);
    expect(other.now()).toBe('2001-01-24T12:00:00.000Z');
  });

  test('time stands still while a probe is busy', async () => {
    const other = await bootFresh();
    let answers = 0;
    const times: string[] = [];
    other.addIdleProbe(() => {
      times.push(other.now());
      return ++answers > 3;
    });
    await other.advanceTo('2001-01-22T07:00:00.000Z');
    expect(times.slice(0, 4)).toEqual([start, start, start, start]);
    expect(other.now()).toBe('2001-01-22T07:00:00.000Z');
  });
});

describe('the HTTP API', () => {
  test('lets a token of the embedded issuer through to the function, with virtual time', async () => {
    const authorization = `Bearer ${await cloud.token({ sub: 'ada', groups: ['admin'] })}`;
    const response = await fetch(`${cloud.outputs.ApiUrl}/books/7`, { headers: { authorization } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      pathParameters: { id: '7' },
      requestContext: { timeEpoch: Date.parse(cloud.now()), authorizer: { jwt: { claims: { sub: 'ada' } } } },
    });
  });

  test('refuses a request without a token', async () => {
    expect((await fetch(`${cloud.apiUrl}/books/7`)).status).toBe(401);
  });

  test('refuses a body of more than 10 MB', async () => {
    const response = await fetch(`${cloud.apiUrl}/books/7`, {
      method: 'POST',
      body: Buffer.alloc(10 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
  });

  test('publishes the issuer as OpenID Connect asks', async () => {
    const response = await fetch(`${cloud.issuerUrl}/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = (await response.json()) as { readonly issuer: string; readonly jwks_uri: string };
    expect(issuer).toBe(cloud.issuerUrl);
    expect(await (await fetch(jwks_uri)).json()).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig' }] });
  });
});

describe('the CDN', () => {
  const put = (Bucket: string | undefined, Key: string, Body: string, CacheControl = 'max-age=5') =>
    new S3Client({ ...reach('S3', cloud), forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/html', CacheControl }),
    );

  test('serves objects with their headers, by path from the bucket of their behaviour', async () => {
    await put(cloud.outputs.PagesBucket, 'index.html', 'home');
    await put(cloud.outputs.CoversBucket, 'covers/war and peace.html', 'cover');
    const home = await fetch(cloud.cdnUrl);
    expect(await home.text()).toBe('home');
    expect(home.headers.get('content-type')).toBe('text/html');
    expect(home.headers.get('cache-control')).toBe('max-age=5');
    expect(await (await fetch(`${cloud.cdnUrl}/covers/war%20and%20peace.html`)).text()).toBe('cover');
  });

  test('answers 304 while the object is the one that is known, and the new one when it changed', async () => {
    await put(cloud.outputs.PagesBucket, 'table.json', '1');
    const etag = (await fetch(`${cloud.cdnUrl}/table.json`)).headers.get('etag') ?? '';
    const again = () => fetch(`${cloud.cdnUrl}/table.json`, { headers: { 'if-none-match': etag } });
    expect((await again()).status).toBe(304);
    await put(cloud.outputs.PagesBucket, 'table.json', '2');
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(await changed.text()).toBe('2');
  });

  test('forbids what is not there, and anything but reading', async () => {
    expect((await fetch(`${cloud.cdnUrl}/nothing`)).status).toBe(403);
    expect((await fetch(`${cloud.cdnUrl}/index.html`, { method: 'DELETE' })).status).toBe(403);
  });
});

describe('the services', () => {
  test('name their errors as the SDK knows them', async () => {
    const send = new SendMessageCommand({ QueueUrl: `${cloud.outputs.OrdersQueue}-not`, MessageBody: 'x' });
    await expect(queue().send(send)).rejects.toThrow(QueueDoesNotExist);
    const describe = new DescribeExecutionCommand({ executionArn: `${cloud.outputs.WorkflowArn}:nobody` });
    await expect(new SFNClient(reach('SFN', cloud)).send(describe)).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
  });

  test('refuse an unknown operation and a body that is no JSON', async () => {
    const endpoint = cloud.sdkEnvironment().AWS_ENDPOINT_URL_SQS ?? '';
    const authorization =
      'AWS4-HMAC-SHA256 Credential=customer/20200101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';
    const post = async (target: string, body: string) => {
      const headers = { 'x-amz-target': target, authorization };
      const response = await fetch(endpoint, { method: 'POST', headers, body });
      return [response.status, await response.json()];
    };
    expect(await post('Nothing.Do', '{}')).toEqual([
      400,
      expect.objectContaining({ __type: 'UnknownOperationException' }),
    ]);
    expect(await post('AmazonSQS.SendMessage', '{')).toEqual([
      400,
      expect.objectContaining({ __type: 'SerializationException' }),
    ]);
  });
});

describe('the control endpoint', () => {
  const control = (path: string, init: RequestInit = {}) => fetch(`${cloud.apiUrl}/_local/${path}`, init);
  const post = (path: string, body: unknown) => control(path, { method: 'POST', body: JSON.stringify(body) });

  test('gives tokens', async () => {
    const { token } = (await (await post('token', { sub: 'ada', groups: ['admin'] })).json()) as {
      readonly token: string;
    };
    const response = await fetch(`${cloud.apiUrl}/books/7`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
  });

  test('moves the clock, and never back', async () => {
    const later = new Date(Date.parse(cloud.now()) + 60_000).toISOString();
    expect(await (await post('clock', { advanceTo: later })).json()).toMatchObject({ now: later });
    expect(await (await post('clock', { advanceTo: start })).json()).toMatchObject({ now: later });
  });

  test('shows what waits, what runs, and how far streams are read', async () => {
    const other = await bootFresh();
    await send(other, 'later', 900);
    await new SFNClient(reach('SFN', other)).send(
      new StartExecutionCommand({ stateMachineArn: other.outputs.WorkflowArn, name: 'seen' }),
    );
    await click(other);
    await other.pump();
    expect(await (await fetch(`${other.apiUrl}/_local/status`)).json()).toMatchObject({
      now: start,
      outputs: other.outputs,
      queues: { Orders: { delayed: 1 } },
      positions: { ClicksMapping: { 'shardId-000000000000': expect.any(String) } },
      runningExecutions: { Workflow: ['seen'] },
    });
  });

  test.each([
    ['token', {}],
    ['token', { sub: 'ada', roles: [] }],
    ['clock', { advanceTo: 'tomorrow' }],
  ])('explains what is wrong with POST %s %j', async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('message');
  });

  test('refuses web pages of elsewhere', async () => {
    expect((await control('status', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await control('status', { headers: { origin: cloud.cdnUrl } })).status).toBe(200);
  });
});

describe('a restart', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = temporaryDirectory();
  });

  test('continues where it was: time, messages, workflows, objects, secrets', async () => {
    const before = await boot({ dataDir });
    await before.advanceTo('2001-01-22T08:00:00.000Z');
    await send(before, 'kept', 600);
    await new SFNClient(reach('SFN', before)).send(
      new StartExecutionCommand({ stateMachineArn: before.outputs.WorkflowArn }),
    );
    const object = { Bucket: before.outputs.PagesBucket, Key: 'kept' };
    await new S3Client({ ...reach('S3', before), forcePathStyle: true }).send(
      new PutObjectCommand({ ...object, Body: 'kept' }),
    );
    const secret = new GetSecretValueCommand({ SecretId: before.outputs.RootSecret });
    const { SecretString } = await new SecretsManagerClient(reach('SECRETS_MANAGER', before)).send(secret);
    await before.stop();

    const after = await bootFresh({ dataDir });
    expect(after.now()).toBe('2001-01-22T08:00:00.000Z');
    await after.advanceTo('2001-01-22T09:00:00.000Z');
    expect(await seen('aws:sqs', after)).toMatchObject([{ Records: [{ body: 'kept' }] }]);
    expect(await seen('workflow', after)).toHaveLength(1);
    const { Body } = await new S3Client({ ...reach('S3', after), forcePathStyle: true }).send(
      new GetObjectCommand(object),
    );
    expect(await Body?.transformToString()).toBe('kept');
    expect(await new SecretsManagerClient(reach('SECRETS_MANAGER', after)).send(secret)).toMatchObject({
      SecretString,
    });
  });

  test('waits until the other process has let go of the data directory', async () => {
    const first = await boot({ dataDir });
    await expect(boot({ dataDir })).rejects.toThrow(`data directory ${dataDir} is in use by another process`);
    await first.stop();
    await (await boot({ dataDir })).stop();
  });
});

test('a part that a transform deletes does not exist', async () => {
  const other = await bootFresh({
    templateTransform: (template) => ({
      ...template,
      Resources: Object.fromEntries(Object.entries(template.Resources).filter(([id]) => id !== 'OrdersMapping')),
    }),
  });
  await send(other, 'nobody reads this');
  await other.pump();
  expect(await seen('aws:sqs', other)).toEqual([]);
});

test('a port in use is named', async () => {
  const port = Number(new URL(cloud.apiUrl).port);
  await expect(boot({ port })).rejects.toThrow(`port ${port} is in use`);
});

test('what is no time is refused', async () => {
  await expect(boot({ clock: { mode: 'virtual', start: 'soon' } })).rejects.toThrow(
    'expected an ISO-8601 time, got soon',
  );
  await expect(cloud.advanceTo('soon')).rejects.toThrow('expected an ISO-8601 time, got soon');
});
