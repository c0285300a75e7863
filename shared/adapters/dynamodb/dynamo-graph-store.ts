import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { type ProviderId, subjectOf } from '../../domain/graph/provider-contribution.ts';
import { packJson } from '../../domain/ground-truth/packed-json.ts';
import type { Instant } from '../../domain/time.ts';
import {
  type ContributionWrite,
  contributionParts,
  type GraphChange,
  type GraphStore,
  type ProviderWrite,
  type StoredContribution,
} from '../../ports/graph-store.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import {
  changeEntry,
  changeKey,
  headItem,
  headKey,
  keyItem,
  keyOf,
  readChange,
  readContribution,
} from './graph-items.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

const putAttempts = 10;
const itemsPerGet = 100;

type Keys = Record<string, unknown>[];

/**
 * `pk` contributions#<shard>, `sk` stream: what the stream says. `pk` log, `sk` change#<number>: what it said instead of
 * what, with `sk` head for the number of the last one.
 */
export function createDynamoGraphStore(options: Options): GraphStore {
  return {
    get: (streamId) => callDependency('DynamoDB', () => getContribution(options, streamId)),
    put: (write) => callDependency('DynamoDB', () => put(options, write)),
    putMany: (writes, now) => callDependency('DynamoDB', () => putMany(options, writes, now)),
    getMany: (streamIds) => callDependency('DynamoDB', () => getMany(options, streamIds)),
    about: (uri) => callDependency('DynamoDB', () => about(options, uri)),
    subjectsOf: (provider, page) => callDependency('DynamoDB', () => subjectsOf(options, provider, page)),
    markApplied: (streamId, version) => callDependency('DynamoDB', () => markApplied(options, streamId, version)),
    all: () => callDependency('DynamoDB', () => all(options)),
    part: (number) => callDependency('DynamoDB', async () => (await partition(options, number)).map(readContribution)),
    changesAfter: (change) => callDependency('DynamoDB', () => changesAfter(options, change)),
  };
}

async function getContribution({ client, tableName }: Options, streamId: string) {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: keyOf(streamId), ConsistentRead: true }),
  );
  return Item && readContribution(Item);
}

async function put(options: Options, write: ContributionWrite): Promise<void> {
  for (let left = putAttempts; left > 0; left -= 1) {
    const head = await lastChange(options);
    const present = write.isChanged ? undefined : await getContribution(options, write.streamId);
    const change = write.isChanged ? head + 1 : (present?.change ?? 0);
    const { streamId, contribution, now } = write;
    const log = write.isChanged ? logWrites(options, { contributions: [{ streamId, contribution }], now }, head) : [];
    const outcome = await transact(options, [contributionWrite(options, write, change)], log);
    if (outcome === 'written') return;
    if (outcome !== 'log-moved') throw versionConflict(write.streamId, write.expectedRevision);
  }
  throw dependencyUnavailable('DynamoDB', new Error(`the change log moved ${putAttempts} times`));
}

async function putMany(options: Options, writes: readonly ProviderWrite[], now: Instant): Promise<void> {
  const contributions = writes.map(({ streamId, contribution }) => ({ streamId, contribution }));
  for (let left = putAttempts; left > 0; left -= 1) {
    const head = await lastChange(options);
    const items = writes.map((write) => {
      const version = write.expectedRevision + 1;
      // The database follows the log, so of these it is never asked what it holds.
      const rest = { version, appliedVersion: version, isChanged: true, now };
      return contributionWrite(options, { ...write, ...rest }, head + 1);
    });
    const outcome = await transact(options, items, logWrites(options, { contributions, now }, head));
    if (outcome === 'written') return;
    if (outcome !== 'log-moved') throw versionConflict(writes[0]?.streamId ?? 'none', writes[0]?.expectedRevision ?? 0);
  }
  throw dependencyUnavailable('DynamoDB', new Error(`the change log moved ${putAttempts} times`));
}

async function getMany({ client, tableName }: Options, streamIds: readonly string[]) {
  const found: StoredContribution[] = [];
  for (let from = 0; from < streamIds.length; from += itemsPerGet) {
    let keys: Keys = streamIds.slice(from, from + itemsPerGet).map(keyOf);
    while (keys.length > 0) {
      const RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems }));
      found.push(...(Responses?.[tableName] ?? []).map(readContribution));
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
  }
  return found;
}

async function about({ client, tableName }: Options, uri: EntityUri): Promise<readonly StoredContribution[]> {
  const { pk } = keyOf(uri);
  const items = await collect(client, {
    TableName: tableName,
    KeyConditionExpression: 'pk = :shard AND begins_with(sk, :about)',
    ExpressionAttributeValues: { ':shard': pk, ':about': `${uri} ` },
    ConsistentRead: true,
  });
  return items.map(readContribution);
}

async function subjectsOf({ client, tableName }: Options, provider: ProviderId, page: number) {
  if (page >= contributionParts) return undefined;
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :shard',
    ProjectionExpression: 'sk',
    ExpressionAttributeValues: { ':shard': `contributions#${page}` },
    ConsistentRead: true,
  };
  const subjects: EntityUri[] = [];
  // Not collected first: what other providers say of a million entities need not be in memory.
  for await (const { Items = [] } of paginateQuery({ client }, query))
    for (const item of Items) subjects.push(...subjectOf(keyItem.parse(item).sk, provider));
  return subjects;
}

async function lastChange({ client, tableName }: Options): Promise<number> {
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: headKey, ConsistentRead: true }));
  return Item === undefined ? 0 : headItem.parse(Item).change;
}

function contributionWrite({ tableName }: Options, write: ContributionWrite, change: number): Writes[number] {
  const { streamId, version, appliedVersion, expectedRevision, contribution } = write;
  const item = {
    version,
    appliedVersion,
    change,
    revision: expectedRevision + 1,
    contribution: packJson(contribution),
  };
  const unmoved =
    expectedRevision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :expected', ExpressionAttributeValues: { ':expected': expectedRevision } };
  return { Put: { TableName: tableName, Item: { ...keyOf(streamId), ...item }, ...unmoved } };
}

type LogEntry = Pick<GraphChange, 'contributions'> & { readonly now: Instant };

function logWrites({ tableName }: Options, { contributions, now }: LogEntry, head: number): Writes {
  const change = head + 1;
  const entry = changeEntry({ change, contributions, now });
  const unmoved =
    head === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#change = :head',
          ExpressionAttributeNames: { '#change': 'change' },
          ExpressionAttributeValues: { ':head': head },
        };
  return [
    { Put: { TableName: tableName, Item: entry } },
    { Put: { TableName: tableName, Item: { ...headKey, change }, ...unmoved } },
  ];
}

async function transact({ client }: Options, contributions: Writes, log: Writes) {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: [...contributions, ...log] }));
    return 'written';
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const codes = reasons.map(({ Code }) => Code ?? 'None');
    if (codes.slice(0, contributions.length).includes('ConditionalCheckFailed')) return 'contribution-moved';
    // Another stream's change came first, or is being written.
    if (codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')) return 'log-moved';
    throw codes.length > 0 ? dependencyUnavailable('DynamoDB', error) : error;
  }
}

async function markApplied({ client, tableName }: Options, streamId: string, version: number): Promise<void> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key: keyOf(streamId),
    UpdateExpression: 'SET appliedVersion = :version',
    ConditionExpression: 'appliedVersion < :version',
    ExpressionAttributeValues: { ':version': version },
  });
  try {
    await client.send(update);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}

async function all(options: Options) {
  const change = await lastChange(options);
  const parts = await Promise.all(Array.from({ length: contributionParts }, (_, shard) => partition(options, shard)));
  return { change, contributions: parts.flat().map(readContribution) };
}

function partition({ client, tableName }: Options, shard: number): Promise<readonly unknown[]> {
  return collect(client, {
    TableName: tableName,
    KeyConditionExpression: 'pk = :shard',
    ExpressionAttributeValues: { ':shard': `contributions#${shard}` },
    ConsistentRead: true,
  });
}

/** The head comes with the changes, in one read, so that a question usually costs one. */
async function changesAfter(
  { client, tableName }: Options,
  after: number,
): Promise<readonly GraphChange[] | undefined> {
  const items = await collect(client, {
    TableName: tableName,
    KeyConditionExpression: 'pk = :log AND sk > :after',
    ExpressionAttributeValues: { ':log': headKey.pk, ':after': changeKey(after).sk },
    ConsistentRead: true,
  });
  const head = items.at(-1);
  const changes = items.slice(0, -1).map(readChange);
  const isGapless = changes.every(({ change }, index) => change === after + index + 1);
  const isWhole = head === undefined || changes.length > 0 || headItem.parse(head).change <= after;
  if (!isGapless || !isWhole) return undefined;
  return changes;
}

async function collect(client: DynamoDBDocumentClient, query: Parameters<typeof paginateQuery>[1]) {
  const items: unknown[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items);
  return items;
}
