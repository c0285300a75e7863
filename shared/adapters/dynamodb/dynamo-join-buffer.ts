import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { aggregateGarbageAt } from '../../domain/ground-truth/attribution-window.ts';
import type { Cursor } from '../../domain/ground-truth/cursor.ts';
import type { SegmentKey } from '../../domain/ground-truth/segment.ts';
import type { StoredPart } from '../../domain/ground-truth/segment-log.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type {
  AggregateKey,
  AggregateWrite,
  BucketId,
  BucketWrites,
  JoinBuffer,
  PartWrite,
} from '../../ports/join-buffer.ts';
import { bucketMoved } from '../bucket-moved.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import { batchGet, itemId } from './batch-get.ts';
import { cursorFromItem } from './cursor-item.ts';
import {
  aggregateItemKey,
  cursorItemKey,
  type KeyRun,
  neighbouringKeys,
  partItemKey,
  placeOfPart,
} from './ground-truth-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

const dataItem = z.object({ data: z.instanceof(Uint8Array) });
/** Parts from before segments were logs have no revisions. */
const partItem = dataItem.extend({ sk: z.string(), from: z.number().default(0), to: z.number().default(0) });
// More at a time only queue in the client's connection pool.
const concurrentQueries = 16;

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

// One query reads the logs of neighbouring hours; it costs by their bytes, whatever the number of parts.
async function getSegments(options: Options, bucket: BucketId, keys: readonly SegmentKey[]) {
  const stored = new Map(keys.map((key): [SegmentKey, StoredPart[]] => [key, []]));
  const runs = neighbouringKeys(keys);
  for (let next = 0; next < runs.length; next += concurrentQueries) {
    const some = runs.slice(next, next + concurrentQueries);
    for (const item of (await Promise.all(some.map((run) => queryParts(options, bucket, run)))).flat()) {
      const { sk, from, to, data } = partItem.parse(item);
      const { key, index } = placeOfPart(sk);
      stored.get(key)?.push({ index, from, to, data });
    }
  }
  return stored;
}

async function queryParts({ client, tableName }: Options, bucket: BucketId, { first, last }: KeyRun) {
  const items: unknown[] = [];
  const query = {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': cursorItemKey(bucket).pk, ':first': `${first}#`, ':last': `${last}#~` },
  };
  for await (const { Items } of paginateQuery({ client }, query)) items.push(...(Items ?? []));
  return items;
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
    ...writes.parts.map((part) => partPut(bucket, part)),
    ...writes.aggregates.map((aggregate) => aggregatePut(bucket, aggregate)),
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

function partPut(bucket: BucketId, { key, index, from, to, data, garbageAt }: PartWrite) {
  return { ...partItemKey(bucket, key, index), from, to, data, expiresAt: wholeSeconds(garbageAt) };
}

function aggregatePut(bucket: BucketId, { data, ...key }: AggregateWrite) {
  return { ...aggregateItemKey(bucket, key), data, expiresAt: wholeSeconds(aggregateGarbageAt(key.hour)) };
}

function wholeSeconds(instant: Instant): number {
  return Math.ceil(toMillis(instant) / 1_000);
}

function explained(error: TransactionCanceledException, bucket: BucketId): Error {
  const reasons: readonly CancellationReason[] = error.CancellationReasons ?? [];
  const has = (...codes: string[]) => reasons.some(({ Code }) => codes.includes(Code ?? ''));
  // Only the cursor has a condition; a conflict means that another transaction on the bucket is under way.
  if (has('ConditionalCheckFailed', 'TransactionConflict')) return bucketMoved(bucket);
  return has('ThrottlingError', 'ProvisionedThroughputExceeded') ? dependencyUnavailable('DynamoDB', error) : error;
}
