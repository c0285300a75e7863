import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import type { JoinBuffer } from '../../shared/ports/join-buffer.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { joinBufferContract } from './join-buffer.contract.ts';
import { groundTruthTable } from './join-buffer.table.ts';

const tableName = 'GroundTruth';
const writes = { cursor: { ...initialCursor, revision: 1 }, parts: [], aggregates: [] };

describe('join buffer on DynamoDB', () => {
  let engine: Dynoxide;
  let buffer: JoinBuffer;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(groundTruthTable);
    buffer = createDynamoJoinBuffer({ client: engine.client, tableName });
  });
  afterAll(() => engine.stop());

  joinBufferContract(() => buffer);

  it('tells DynamoDB in whole seconds when a segment is garbage', async () => {
    const part = { key: 'segment#2001-01-22T06', index: 0, from: 1, to: 1, data: Buffer.from('x') } as const;
    const garbageAt = '2001-02-06T17:00:00.500Z';
    await buffer.commit({ modelId: 'garbage', bucket: 3 }, { ...writes, parts: [{ ...part, garbageAt }] });
    const Key = { pk: 'bucket#garbage#3', sk: 'segment#2001-01-22T06#0' };
    const { Item } = await engine.client.send(new GetCommand({ TableName: tableName, Key }));
    expect(Item?.expiresAt).toBe(Date.parse('2001-02-06T17:00:01Z') / 1_000);
  });

  it('tells DynamoDB to keep the aggregates of an hour for 400 days', async () => {
    const about = { hour: '2001-01-22T06', versions: '1', data: Buffer.from('x') };
    const aggregates = (['profile', 'performance', 'paired', 'arm'] as const).map((kind) => ({ kind, ...about }));
    await buffer.commit({ modelId: 'garbage', bucket: 4 }, { ...writes, aggregates });
    for (const { kind } of aggregates) {
      const Key = { pk: 'aggregate#garbage#2001-01-22', sk: `${kind}#1#2001-01-22T06#4` };
      const { Item } = await engine.client.send(new GetCommand({ TableName: tableName, Key }));
      expect(Item?.expiresAt).toBe(Date.parse('2002-02-26T06:00:00Z') / 1_000);
    }
  });
});

describe('what DynamoDB may answer to a commit', () => {
  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  const commitWith = (error: unknown) => {
    const client = { send: () => Promise.reject(error) };
    // Only `send` is ever called.
    const buffer = createDynamoJoinBuffer({ client: client as unknown as Dynoxide['client'], tableName });
    return buffer.commit({ modelId: 'late-live', bucket: 0 }, writes);
  };

  it.each([
    ['a failed condition', cancelled('ConditionalCheckFailed', 'None'), 'VersionConflict'],
    ['another transaction on the bucket', cancelled('None', 'TransactionConflict'), 'VersionConflict'],
    ['throttling', cancelled('None', 'ThrottlingError'), 'DependencyUnavailable'],
    ['an item too large', cancelled('None', 'ValidationError'), 'TransactionCanceledException'],
    ['no connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'DependencyUnavailable'],
  ])('%s becomes an error that callers know', async (_case, error, name) => {
    await expect(commitWith(error)).rejects.toMatchObject({ name });
  });
});

it('asks again for what one answer had no room for', async () => {
  const asked: number[] = [];
  const client = {
    send: async ({ input }: { input: { RequestItems: { GroundTruth: { Keys: { pk: string; sk: string }[] } } } }) => {
      const { Keys } = input.RequestItems.GroundTruth;
      asked.push(Keys.length);
      const Responses = {
        GroundTruth: Keys.slice(0, 3).map((key) => ({ ...key, data: Buffer.from(key.sk) })),
      };
      const left = Keys.slice(3);
      return { Responses, UnprocessedKeys: left.length === 0 ? {} : { GroundTruth: { Keys: left } } };
    },
  };
  const buffer = createDynamoJoinBuffer({ client: client as unknown as Dynoxide['client'], tableName });
  const keys = Array.from(
    { length: 8 },
    (_, i) => ({ kind: 'profile', hour: `2001-01-22T0${i}`, versions: '1' }) as const,
  );
  const stored = await buffer.aggregates({ modelId: 'late-live', bucket: 0 }, keys);
  expect(asked).toEqual([8, 5, 2]);
  expect(stored.map((data) => Buffer.from(data!).toString())).toEqual(keys.map(({ hour }) => `profile#1#${hour}#0`));
});
