import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { hourOf, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type * as z from '../../domain/zod.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { Page } from '../../ports/event-store.ts';
import { callDependency } from '../dependency-error.ts';
import { decodeCursor, encodeCursor } from '../list-keys.ts';
import { batchGet } from './batch-get.ts';
import { gatheredTransactions, singleTransactions, type Transact } from './gathered-transactions.ts';
import {
  latestKey,
  modelPartition,
  readPoints,
  readRecord,
  readRow,
  recordPrefix,
  rowKey,
  rowPartition,
  storedRecord,
  timelinePartition,
} from './health-items.ts';
import { putEvaluation } from './put-evaluation.ts';
import { shards } from './shards.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const withoutInputs = { ProjectionExpression: 'sk, evaluation' };
/** Sorts after every instant. */
const endOfTime = '~';

/**
 * `pk` model#<modelId>, `sk` evaluation#<evaluatedAt>#<kind> and `latest`, a copy of the newest scheduled one;
 * `pk` fleet#<shard>, `sk` <modelId>: the row; `pk` timeline#<modelId>, `sk` <hour>: the points of an hour.
 */
export function createDynamoEvaluationStore(options: Options): EvaluationStore {
  return storeWith(options, singleTransactions(options.client));
}

/** As the former; what is put in the same turn of the event loop is written in one request. */
export function createGatheringEvaluationStore(options: Options): EvaluationStore {
  return storeWith(options, gatheredTransactions(options.client));
}

function storeWith(options: Options, transact: Transact): EvaluationStore {
  const writing = { ...options, transact };
  return {
    put: (evaluation, put) => callDependency('DynamoDB', () => putEvaluation(writing, evaluation, put)),
    latest: (modelId, before) => callDependency('DynamoDB', () => latest(options, modelId, before ?? endOfTime)),
    list: (modelId, page) => callDependency('DynamoDB', () => list(options, modelId, page)),
    rows: (modelIds) => callDependency('DynamoDB', () => (modelIds ? rowsOf(options, modelIds) : rows(options))),
    timeline: (modelId, window) => callDependency('DynamoDB', () => timeline(options, modelId, window)),
  };
}

async function latest(
  { client, tableName }: Options,
  modelId: string,
  before: Instant,
): Promise<Evaluation | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: latestKey(modelId), ConsistentRead: true }),
  );
  const newest = Item && readRecord(Item);
  if (newest === undefined || newest.evaluatedAt < before) return newest;
  const query = {
    TableName: tableName,
    ...withoutInputs,
    KeyConditionExpression: 'pk = :model AND sk BETWEEN :first AND :last',
    FilterExpression: 'kind = :scheduled',
    ExpressionAttributeValues: {
      ':model': modelPartition(modelId),
      ':first': recordPrefix,
      ':last': `${recordPrefix}${before}`,
      ':scheduled': 'scheduled',
    },
    ScanIndexForward: false,
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client, pageSize: 25 }, query)) {
    const [first] = Items;
    if (first !== undefined) return readRecord(first);
  }
  return undefined;
}

async function list(
  { client, tableName }: Options,
  modelId: string,
  page: Parameters<EvaluationStore['list']>[1],
): Promise<Page<Evaluation>> {
  const name = `evaluations#${modelId}`;
  const after = page.cursor === undefined ? undefined : decodeCursor(name, page.cursor);
  const query = {
    TableName: tableName,
    ...withoutInputs,
    KeyConditionExpression: 'pk = :model AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':model': modelPartition(modelId), ':prefix': recordPrefix },
    ScanIndexForward: false,
    ConsistentRead: true,
    ...(after && { ExclusiveStartKey: { pk: modelPartition(modelId), sk: after.sort } }),
  };
  const items: z.infer<typeof storedRecord>[] = [];
  // One more than asked for tells whether there is a next page; DynamoDB's own page ends at 1 MB.
  for await (const { Items = [] } of paginateQuery({ client, pageSize: page.limit + 1 }, query)) {
    items.push(...Items.map((item) => storedRecord.parse(item)));
    if (items.length > page.limit) break;
  }
  const shown = items.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = last !== undefined && items.length > shown.length;
  return {
    items: shown.map(readRecord),
    ...(hasMore ? { cursor: encodeCursor(name, { sort: last.sk, streamId: modelPartition(modelId) }) } : {}),
  };
}

async function rowsOf(options: Options, modelIds: readonly string[]) {
  return [...(await batchGet(options, modelIds.map(rowKey))).values()].map(readRow);
}

async function rows({ client, tableName }: Options) {
  const ofShard = (shard: number) =>
    collect(client, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :shard',
      ExpressionAttributeValues: { ':shard': rowPartition(shard) },
      ConsistentRead: true,
    });
  return (await Promise.all(shards.map(ofShard))).flat().map(readRow);
}

async function timeline(
  { client, tableName }: Options,
  modelId: string,
  { from, to }: Parameters<EvaluationStore['timeline']>[1],
) {
  if (from >= to) return [];
  const hours = await collect(client, {
    TableName: tableName,
    KeyConditionExpression: 'pk = :model AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':model': timelinePartition(modelId),
      ':first': hourOf(from),
      ':last': hourOf(toInstant(toMillis(to) - 1)),
    },
  });
  return hours
    .flatMap(readPoints)
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

async function collect(client: DynamoDBDocumentClient, query: Parameters<typeof paginateQuery>[1]) {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items);
  return items;
}
