import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Cursor } from '../../domain/ground-truth/cursor.ts';
import type { SegmentKey } from '../../domain/ground-truth/segment.ts';
import { toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { AggregateKey, BucketId, BucketWrites, JoinBuffer, PartWrite } from '../../ports/join-buffer.ts';
import { bucketMoved } from '../bucket-moved.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import { batchGet, itemId } from './batch-get.ts';
import { cursorFromItem } from './cursor-item.ts';
import { aggregateItemKey, cursorItemKey, partItemKey } from './ground-truth-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

const dataItem = z.object({ data: z.instanceof(Uint8Array), count: z.number().optional() });

/** One item for a bucket's cursor, one per part of a segment, one per aggregate; see `ground-truth-keys.ts`. */
export function createDynamoJoinBuffer(options: Options): JoinBuffer {
  return {
    cursor: (bucket) => callDependency('DynamoDB', () => getCursor(options, bucket)),
    segments: (bucket, keys) => callDependency('DynamoDB', () => getSegments(options, bucket, keys)),
    aggregates: (bucket, keys) => callDependency('DynamoDB', () => getAggregates(options, bucket, keys)),
    commit: (bucket, writes) => callDependency('DynamoDB', () => commit(options, bucket, writes)),
  };
}

async function getCursor({ client, tableName }: Options, bucket: BucketId): Promise<Cursor> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: cursorItemKey(bucket), ConsistentRead: true }),
  );
  return cursorFromItem(Item);
}

// Nearly every segment has one part; the first says how many there are.
async function getSegments(options: Options, bucket: BucketId, keys: readonly SegmentKey[]) {
  const idOf = (key: SegmentKey, index: number) => itemId(partItemKey(bucket, key, index));
  const first = await batchGet(
    options,
    keys.map((key) => partItemKey(bucket, key, 0)),
  );
  const countOf = (key: SegmentKey) => {
    const item = first.get(idOf(key, 0));
    return item === undefined ? 0 : (dataItem.parse(item).count ?? 1);
  };
  const rest = keys.flatMap((key) =>
    Array.from({ length: Math.max(0, countOf(key) - 1) }, (_, i) => partItemKey(bucket, key, i + 1)),
  );
  const items = new Map([...first, ...(await batchGet(options, rest))]);
  const partsOf = (key: SegmentKey) =>
    Array.from({ length: countOf(key) }, (_, i) => dataItem.parse(items.get(idOf(key, i))).data);
  return new Map(keys.map((key) => [key, partsOf(key)]));
}

async function getAggregates(options: Options, bucket: BucketId, keys: readonly AggregateKey[]) {
  const items = await batchGet(
    options,
    keys.map((key) => aggregateItemKey(bucket, key)),
  );
  return keys.map((key) => {
    const item = items.get(itemId(aggregateItemKey(bucket, key)));
    return item && dataItem.parse(item).data;
  });
}

async function commit({ client, tableName }: Options, bucket: BucketId, writes: BucketWrites): Promise<void> {
  const items = [
    ...writes.parts.map((part) => partItem(bucket, part)),
    ...writes.aggregates.map(({ data, ...key }) => ({ ...aggregateItemKey(bucket, key), data })),
  ];
  const TransactItems: TransactItems = [
    cursorPut(tableName, bucket, writes.cursor),
    ...items.map((Item) => ({ Put: { TableName: tableName, Item } })),
  ];
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    throw error instanceof TransactionCanceledException ? explained(error, bucket) : error;
  }
}

function cursorPut(TableName: string, bucket: BucketId, { revision, ...state }: Cursor): TransactItems[number] {
  const Item = { ...cursorItemKey(bucket), revision, state: JSON.stringify(state) };
  const isUnmoved =
    revision === 1
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :read', ExpressionAttributeValues: { ':read': revision - 1 } };
  return { Put: { TableName, Item, ...isUnmoved } };
}

function partItem(bucket: BucketId, { key, index, count, data, garbageAt }: PartWrite) {
  // DynamoDB wants whole seconds.
  const expiresAt = Math.ceil(toMillis(garbageAt) / 1_000);
  return { ...partItemKey(bucket, key, index), data, expiresAt, ...(index === 0 ? { count } : {}) };
}

function explained(error: TransactionCanceledException, bucket: BucketId): Error {
  const reasons: readonly CancellationReason[] = error.CancellationReasons ?? [];
  const has = (...codes: string[]) => reasons.some(({ Code }) => codes.includes(Code ?? ''));
  // Only the cursor has a condition; a conflict means that another transaction on the bucket is under way.
  if (has('ConditionalCheckFailed', 'TransactionConflict')) return bucketMoved(bucket);
  return has('ThrottlingError', 'ProvisionedThroughputExceeded') ? dependencyUnavailable('DynamoDB', error) : error;
}
