import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSqs, type Sqs } from '../../../local/services/sqs.ts';
import { credentials, minute, queue, queueArn, serve, start, temporaryDirectory, virtualTime } from './fixtures.ts';

const queues = [
  queue('Work', {
    VisibilityTimeout: 60,
    MessageRetentionPeriod: 3600,
    RedrivePolicy: { deadLetterTargetArn: queueArn('Dead'), maxReceiveCount: 2 },
  }),
  queue('Dead'),
];

async function setUp(path?: string) {
  const time = virtualTime(path);
  let endpoint = '';
  const sqs = createSqs({ ...time, queues, endpoint: () => endpoint });
  endpoint = await serve(sqs);
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  return { ...time, sqs, client, QueueUrl: sqs.urlOf(queueArn('Work')), DeadUrl: sqs.urlOf(queueArn('Dead')) };
}

describe('through the SDK, which verifies every digest', () => {
  let cloud: Awaited<ReturnType<typeof setUp>>;
  beforeEach(async () => {
    cloud = await setUp();
  });
  const receive = (options: object = {}) =>
    cloud.client.send(new ReceiveMessageCommand({ QueueUrl: cloud.QueueUrl, ...options }));
  const bodies = async (options: object = {}) =>
    ((await receive({ MaxNumberOfMessages: 10, ...options })).Messages ?? []).map(({ Body }) => Body);
  const send = (MessageBody: string, options: object = {}) =>
    cloud.client.send(new SendMessageCommand({ QueueUrl: cloud.QueueUrl, MessageBody, ...options }));

  test('hands out what was sent, with attributes and virtual times', async () => {
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'retrain' },
      digest: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
    };
    const sent = await send('train late-basic, soon – ünïcode', { MessageAttributes });
    cloud.clock.set(start + 1000);
    const { Messages } = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(Messages).toHaveLength(1);
    expect(Messages?.[0]).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'train late-basic, soon – ünïcode',
      MessageAttributes,
      Attributes: {
        SentTimestamp: String(start),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(start + 1000),
      },
    });
  });

  test('hides a received message for the visibility timeout, in virtual time', async () => {
    await send('once');
    expect(await bodies()).toEqual(['once']);
    cloud.clock.set(start + 59_999);
    expect(await bodies()).toEqual([]);
    expect(cloud.sqs.nextWakeAt()).toBe(start + minute);
    cloud.clock.set(start + minute);
    expect(await bodies()).toEqual(['once']);
  });

  test('shows a delayed message when its delay has passed', async () => {
    await send('later', { DelaySeconds: 5 });
    expect(await bodies()).toEqual([]);
    expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0, delayed: 1 });
    cloud.clock.set(start + 5000);
    expect(await bodies()).toEqual(['later']);
  });

  test('deletes by the latest receipt only', async () => {
    await send('again');
    const [first] = (await receive({ VisibilityTimeout: 0 })).Messages ?? [];
    const [second] = (await receive()).Messages ?? [];
    const remove = (ReceiptHandle = '') =>
      cloud.client.send(new DeleteMessageCommand({ QueueUrl: cloud.QueueUrl, ReceiptHandle }));
    await remove(first?.ReceiptHandle);
    expect(cloud.sqs.depth(queueArn('Work')).inFlight).toBe(1);
    await remove(second?.ReceiptHandle);
    expect(cloud.sqs.depth(queueArn('Work')).inFlight).toBe(0);
    await expect(remove('nonsense')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  test('moves a message that was received too often to the dead-letter queue', async () => {
    await send('poison');
    for (const _ of [1, 2]) expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['poison']);
    expect(await bodies()).toEqual([]);
    const { Messages } = await receive({ QueueUrl: cloud.DeadUrl, MessageSystemAttributeNames: ['All'] });
    expect(Messages?.[0]).toMatchObject({
      Body: 'poison',
      Attributes: { DeadLetterQueueSourceArn: queueArn('Work'), ApproximateReceiveCount: '1' },
    });
  });

  test('forgets messages older than the retention period', async () => {
    await send('old');
    cloud.clock.set(start + 3_600_000);
    expect(await bodies()).toEqual([]);
    expect(cloud.sqs.depth(queueArn('Work'))).toMatchObject({ visible: 0, inFlight: 0 });
  });

  test('makes a message visible at once when its visibility is set to zero', async () => {
    await send('back');
    const [message] = (await receive()).Messages ?? [];
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl: cloud.QueueUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    await cloud.client.send(change);
    expect(cloud.sqs.depth(queueArn('Work')).visible).toBe(1);
    await expect(cloud.client.send(change)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  test('a long poll ends as soon as a message is sent', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await send('awaited');
    expect(await waiting).toEqual(['awaited']);
  });

  test('a long poll ends empty-handed when its time is up and when the service stops', async () => {
    expect(await bodies({ WaitTimeSeconds: 1 })).toEqual([]);
    const waiting = bodies({ WaitTimeSeconds: 20 });
    cloud.sqs.stop();
    expect(await waiting).toEqual([]);
  });

  test('a batch reports each entry on its own', async () => {
    const Entries = [
      { Id: 'good', MessageBody: 'fine' },
      { Id: 'bad', MessageBody: '' },
    ];
    const sent = await cloud.client.send(new SendMessageBatchCommand({ QueueUrl: cloud.QueueUrl, Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(sent.Failed?.map(({ Id }) => Id)).toEqual(['bad']);
    const [message] = (await receive()).Messages ?? [];
    const receipts = [{ Id: 'a', ReceiptHandle: message?.ReceiptHandle }];
    await cloud.client.send(new DeleteMessageBatchCommand({ QueueUrl: cloud.QueueUrl, Entries: receipts }));
    expect(cloud.sqs.depth(queueArn('Work')).inFlight).toBe(0);
  });

  test('tells queue URLs and attributes, and purges', async () => {
    const { QueueUrl } = await cloud.client.send(new GetQueueUrlCommand({ QueueName: 'Work' }));
    expect(QueueUrl).toBe(cloud.QueueUrl);
    await send('one');
    const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    expect((await cloud.client.send(ask)).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      QueueArn: queueArn('Work'),
    });
    await cloud.client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(cloud.sqs.depth(queueArn('Work')).visible).toBe(0);
    const unknown = new GetQueueUrlCommand({ QueueName: 'Nobody' });
    await expect(cloud.client.send(unknown)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('refuses a message beyond the maximum size', async () => {
    await expect(send('x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});

test('what was sent is there after a restart, in flight as it was', async () => {
  const path = `${temporaryDirectory()}/journal.db`;
  const before = await setUp(path);
  for (const body of ['one', 'two']) before.sqs.send(queueArn('Work'), body, { kind: 'test' });
  before.sqs.receiveForMapping(queueArn('Work'), 1);
  before.journal.close();
  const after: Sqs = (await setUp(path)).sqs;
  expect(after.depth(queueArn('Work'))).toMatchObject({ visible: 1, inFlight: 1 });
  const [message] = after.receiveForMapping(queueArn('Work'), 10);
  expect(message).toMatchObject({ body: 'two', attributes: { kind: { DataType: 'String', StringValue: 'test' } } });
});
