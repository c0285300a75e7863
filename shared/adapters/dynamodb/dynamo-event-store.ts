import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import { eventIndexes } from '../../names.ts';
import type { EventStore, Head, NewCommit, Page } from '../../ports/event-store.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import { decodeCursor, encodeCursor, indexOfList } from '../list-keys.ts';
import { checkCommits, genesisHash, sealCommit } from '../seal-commits.ts';
import { itemId } from './batch-get.ts';
import { commitFromItem, commitKey, commitToItem, headFromItem, headKey, headToItem } from './commit-item.ts';
import { gatheredGets } from './gathered-gets.ts';
import { shardedList, shards } from './shards.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type ListPage = Parameters<EventStore['list']>[1];

/** One item per commit (`pk` stream, `sk` commit#<version>) beside the stream's head item, written in one transaction. */
export function createDynamoEventStore(options: Options): EventStore {
  const head = <S>(streamId: string) => callDependency('DynamoDB', () => getHead<S>(options, streamId));
  return storeWith(options, head);
}

/** As the former; heads that are asked for in the same turn of the event loop are read in one request. */
export function createGatheringEventStore(options: Options): EventStore {
  const get = gatheredGets(options);
  return storeWith(options, <S>(streamId: string) =>
    callDependency('DynamoDB', async () => {
      const key = { pk: streamId, sk: headKey };
      const item = (await get([key])).get(itemId(key));
      return item && headFromItem<S>(item);
    }),
  );
}

function storeWith(options: Options, head: EventStore['head']): EventStore {
  return {
    head,
    append: (commits) => callDependency('DynamoDB', () => append(options, commits)),
    commits: (streamId, page) => callDependency('DynamoDB', () => getCommits(options, streamId, page)),
    list: <S>(list: string, page: ListPage) => callDependency('DynamoDB', () => getList<S>(options, list, page)),
    rows: <R>(list: string) => callDependency('DynamoDB', () => getRows<R>(options, list)),
  };
}

async function getHead<S>({ client, tableName }: Options, streamId: string): Promise<Head<S> | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { pk: streamId, sk: headKey }, ConsistentRead: true }),
  );
  return Item && headFromItem<S>(Item);
}

async function append(options: Options, commits: readonly NewCommit[]): Promise<void> {
  checkCommits(commits);
  const items = await Promise.all(commits.map((commit) => transactItems(options, commit)));
  try {
    await options.client.send(new TransactWriteCommand({ TransactItems: items.flat() }));
  } catch (error) {
    throw error instanceof TransactionCanceledException ? explained(error, commits) : error;
  }
}

// The head is read for its hash; that it has not moved since is what the condition on its version makes sure of.
async function transactItems(
  options: Options,
  commit: NewCommit,
): Promise<NonNullable<TransactWriteCommandInput['TransactItems']>> {
  const { streamId, expectedVersion } = commit;
  const head = expectedVersion === 0 ? undefined : await getHead(options, streamId);
  if (expectedVersion > 0 && head?.version !== expectedVersion) throw versionConflict(streamId, expectedVersion);
  const sealed = sealCommit(commit, head?.hash ?? genesisHash);
  const TableName = options.tableName;
  const unmoved =
    expectedVersion === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': expectedVersion },
        };
  return [
    { Put: { TableName, Item: commitToItem(sealed), ConditionExpression: 'attribute_not_exists(pk)' } },
    { Put: { TableName, Item: headToItem(commit, sealed), ...unmoved } },
  ];
}

function explained(error: TransactionCanceledException, commits: readonly NewCommit[]): Error {
  const reasons: readonly CancellationReason[] = error.CancellationReasons ?? [];
  // Two items per commit. A TransactionConflict means another append on the same head is under way.
  const moved = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');
  const commit = commits[Math.floor(moved / 2)];
  if (moved >= 0 && commit) return versionConflict(commit.streamId, commit.expectedVersion);
  const isThrottled = reasons.some(
    ({ Code }) => Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded',
  );
  return isThrottled ? dependencyUnavailable('DynamoDB', error) : error;
}

async function getCommits(
  { client, tableName }: Options,
  streamId: string,
  page: Parameters<EventStore['commits']>[1],
) {
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :stream AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':stream': streamId,
      ':first': commitKey(page.afterVersion + 1),
      ':last': commitKey(999_999_999),
    },
    ConsistentRead: true,
    Limit: page.limit,
  };
  return (await collect(client, query, page.limit)).map(commitFromItem);
}

async function getList<S>({ client, tableName }: Options, list: string, page: ListPage): Promise<Page<Head<S>>> {
  const index = indexOfList(list);
  const [listKey, sortKey] = [`list${index}`, `sort${index}`];
  const after = page.cursor === undefined ? undefined : decodeCursor(list, page.cursor);
  const query = {
    TableName: tableName,
    IndexName: index === 1 ? eventIndexes.first : eventIndexes.second,
    KeyConditionExpression: page.prefix
      ? `${listKey} = :list AND begins_with(${sortKey}, :prefix)`
      : `${listKey} = :list`,
    ExpressionAttributeValues: { ':list': list, ...(page.prefix && { ':prefix': page.prefix }) },
    ScanIndexForward: !page.descending,
    // One more than asked for tells whether there is a next page.
    Limit: page.limit + 1,
    ...(after && { ExclusiveStartKey: { pk: after.streamId, sk: headKey, [listKey]: list, [sortKey]: after.sort } }),
  };
  const found = await collect(client, query, page.limit + 1);
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  const cursor =
    last && found.length > items.length
      ? { cursor: encodeCursor(list, { sort: String(last[sortKey]), streamId: String(last.pk) }) }
      : {};
  return { items: items.map((item) => headFromItem<S>(item)), ...cursor };
}

async function getRows<R>({ client, tableName }: Options, list: string): Promise<readonly R[]> {
  const rowsOf = async (shard: number) => {
    const query = {
      TableName: tableName,
      IndexName: eventIndexes.rows,
      KeyConditionExpression: 'rowList = :list',
      ExpressionAttributeValues: { ':list': shardedList(list, shard) },
    };
    return (await collect(client, query, Number.POSITIVE_INFINITY)).map(({ row }): R => JSON.parse(String(row)));
  };
  return (await Promise.all(shards.map(rowsOf))).flat();
}

// A page of DynamoDB ends at 1 MB, whatever its limit says.
async function collect(
  client: DynamoDBDocumentClient,
  query: ConstructorParameters<typeof QueryCommand>[0],
  limit: number,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const { Items } of paginateQuery({ client }, query)) {
    items.push(...(Items ?? []));
    if (items.length >= limit) break;
  }
  return items.slice(0, limit);
}
