import type { DynamoDBStreamEvent, KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { RunwayError } from '../../../shared/domain/errors.ts';
import { type Decoded, oneByOne, type SqsArrival, streamHandler } from '../../../shared/runtime/stream-handler.ts';

function kinesisEvent(...payloads: string[]): KinesisStreamEvent {
  const Records = payloads.map((text, n) => ({
    eventID: `shardId-000000000003:${n}`,
    kinesis: {
      sequenceNumber: `${n}`,
      partitionKey: 'late-basic:0',
      approximateArrivalTimestamp: 980_143_200.25,
      data: Buffer.from(text).toString('base64'),
    },
  }));
  return { Records } as unknown as KinesisStreamEvent;
}

function sqsEvent(...bodies: string[]): SQSEvent {
  const Records = bodies.map((body, n) => ({
    messageId: `m${n}`,
    body,
    attributes: { SentTimestamp: '980143200000' },
  }));
  return { Records } as unknown as SQSEvent;
}

const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

function poisonous(text: string): string {
  if (text.startsWith('poison')) throw new RunwayError('MalformedRecord', 'malformed-record', `${text} cannot be read`);
  if (text.startsWith('down')) throw new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'try again');
  if (text.startsWith('bug')) throw new TypeError('x is undefined');
  return text;
}

describe('what a record says of itself', () => {
  it('on Kinesis: shard, partition key, and when the stream took it in', async () => {
    const seen: unknown[] = [];
    const handler = streamHandler({
      source: 'kinesis',
      decode: (arrival) => void seen.push({ ...arrival, data: Buffer.from(arrival.data).toString() }),
      handle: async () => [],
    });
    expect(await handler(kinesisEvent('{}'))).toEqual(failures());
    expect(seen).toEqual([
      {
        id: '0',
        now: '2001-01-22T06:00:00.250Z',
        shardId: 'shardId-000000000003',
        partitionKey: 'late-basic:0',
        data: '{}',
      },
    ]);
  });

  it('on a table: its new image', async () => {
    const event = {
      Records: [
        {
          eventName: 'INSERT',
          dynamodb: { SequenceNumber: '7', ApproximateCreationDateTime: 980_143_200, NewImage: { pk: { S: 'a' } } },
        },
      ],
    };
    const seen: unknown[] = [];
    const handler = streamHandler({
      source: 'dynamodb',
      decode: (arrival) => void seen.push(arrival),
      handle: async () => [],
    });
    await handler(event as unknown as DynamoDBStreamEvent);
    expect(seen).toEqual([{ id: '7', now: '2001-01-22T06:00:00.000Z', eventName: 'INSERT', data: { pk: { S: 'a' } } }]);
  });

  it('on a queue: its body, and when it was sent', async () => {
    const seen: SqsArrival[] = [];
    await streamHandler({ source: 'sqs', decode: (arrival) => void seen.push(arrival), handle: async () => [] })(
      sqsEvent('hello'),
    );
    expect(seen).toEqual([{ id: 'm0', now: '2001-01-22T06:00:00.000Z', data: 'hello' }]);
  });
});

describe('a record that cannot be decoded', () => {
  it('is put aside with its cause and blocks nobody', async () => {
    const aside: [string, string][] = [];
    const handled: string[] = [];
    const handler = streamHandler({
      source: 'kinesis',
      decode: ({ data }) => poisonous(Buffer.from(data).toString()),
      handle: oneByOne<'kinesis', string>('inOrder', async (item) => void handled.push(item)),
      poison: async ({ id }, cause) => void aside.push([id, cause.message]),
    });
    expect(await handler(kinesisEvent('good', 'poison', 'fine'))).toEqual(failures());
    expect(handled).toEqual(['good', 'fine']);
    expect(aside).toEqual([['1', 'poison cannot be read']]);
  });

  it('is delivered again when the fault is ours or a dependency is down', async () => {
    const aside: string[] = [];
    const handler = streamHandler({
      source: 'sqs',
      decode: ({ data }) => poisonous(data),
      handle: async () => [],
      poison: async ({ id }) => void aside.push(id),
    });
    expect(await handler(sqsEvent('good', 'down', 'bug', 'poison'))).toEqual(failures('m1', 'm2'));
    expect(aside).toEqual(['m3']);
  });

  it('is delivered again when there is nowhere to put it', async () => {
    const handler = streamHandler({ source: 'sqs', decode: ({ data }) => poisonous(data), handle: async () => [] });
    expect(await handler(sqsEvent('poison'))).toEqual(failures('m0'));
  });
});

describe('a batch', () => {
  it('reports each failed record once', async () => {
    const handler = streamHandler({
      source: 'sqs',
      decode: ({ data }) => data,
      handle: async (records: readonly Decoded<'sqs', string>[]) =>
        records.flatMap(({ arrival }) => [arrival.id, arrival.id]),
    });
    expect(await handler(sqsEvent('a', 'b'))).toEqual(failures('m0', 'm1'));
  });

  it('fails whole when the handler throws', async () => {
    const handler = streamHandler({
      source: 'sqs',
      decode: ({ data }) => data,
      handle: () => Promise.reject(new Error('no table')),
    });
    await expect(handler(sqsEvent('a'))).rejects.toThrow('no table');
  });

  it('without anything to handle does not call the handler', async () => {
    const handler = streamHandler({
      source: 'sqs',
      decode: () => undefined,
      handle: () => Promise.reject(new Error('called')),
    });
    expect(await handler(sqsEvent('a'))).toEqual(failures());
  });

  const handledOneByOne = async (order: 'inOrder' | 'anyOrder') => {
    const handled: string[] = [];
    const handle = oneByOne<'sqs', string>(order, async (item) => {
      if (item === 'bad') throw new Error('cannot');
      handled.push(item);
    });
    const result = await streamHandler({ source: 'sqs', decode: ({ data }) => data, handle })(
      sqsEvent('a', 'bad', 'b'),
    );
    return { handled, result };
  };

  it('in any order goes on after a failure', async () => {
    expect(await handledOneByOne('anyOrder')).toEqual({ handled: ['a', 'b'], result: failures('m1') });
  });

  it('in order ends at the first failure', async () => {
    expect(await handledOneByOne('inOrder')).toEqual({ handled: ['a'], result: failures('m1') });
  });
});
