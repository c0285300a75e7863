import { createHash } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { Contribution } from '../../domain/graph/contribution.ts';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import { dayMillis, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { ContributionWrite, GraphChange, GraphStore, StoredContribution } from '../../ports/graph-store.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Partitions over which contributions are spread, all read at once when a function starts. */
const shards = 16;
/** A reader that has slept longer than the log is kept loads everything again. */
const logDays = 30;
const putAttempts = 10;

const headKey = { pk: 'log', sk: 'head' };
// Twelve digits sort as text, and before `head`.
const changeKey = (change: number) => ({ pk: 'log', sk: `change#${String(change).padStart(12, '0')}` });

const contributionItem = z.object({
  sk: z.string(),
  version: z.number(),
  appliedVersion: z.number(),
  change: z.number(),
  revision: z.number(),
  contribution: z.instanceof(Uint8Array),
});
const changeItem = z.object({ change: z.number(), streamId: z.string(), contribution: z.instanceof(Uint8Array) });
const headItem = z.object({ change: z.number() });

/**
 * `pk` contributions#<shard>, `sk` stream: what the stream says. `pk` log, `sk` change#<number>: what it said instead of
 * what, with `sk` head for the number of the last one.
 */
export function createDynamoGraphStore(options: Options): GraphStore {
  return {
    get: (streamId) => callDependency('DynamoDB', () => getContribution(options, streamId)),
    put: (write) => callDependency('DynamoDB', () => put(options, write)),
    markApplied: (streamId, version) => callDependency('DynamoDB', () => markApplied(options, streamId, version)),
    all: () => callDependency('DynamoDB', () => all(options)),
    changesAfter: (change) => callDependency('DynamoDB', () => changesAfter(options, change)),
  };
}

function keyOf(streamId: string): { readonly pk: string; readonly sk: string } {
  const shard = (createHash('sha256').update(streamId).digest()[0] ?? 0) % shards;
  return { pk: `contributions#${shard}`, sk: streamId };
}

async function getContribution({ client, tableName }: Options, streamId: string) {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: keyOf(streamId), ConsistentRead: true }),
  );
  return Item && readContribution(Item);
}

// What is packed are our own bytes, under a key that names what they are.
function readContribution(item: unknown): StoredContribution {
  const { sk: streamId, contribution, ...rest } = contributionItem.parse(item);
  return { streamId, ...rest, contribution: unpackJson(contribution) as Contribution };
}

async function put(options: Options, write: ContributionWrite): Promise<void> {
  for (let left = putAttempts; left > 0; left -= 1) {
    const head = await lastChange(options);
    const present = write.isChanged ? undefined : await getContribution(options, write.streamId);
    const change = write.isChanged ? head + 1 : (present?.change ?? 0);
    const log = write.isChanged ? logWrites(options, write, head) : [];
    const outcome = await transact(options, [contributionWrite(options, write, change), ...log]);
    if (outcome === 'written') return;
    if (outcome === 'contribution-moved') throw versionConflict(write.streamId, write.expectedRevision);
  }
  throw dependencyUnavailable('DynamoDB', new Error(`the change log moved ${putAttempts} times`));
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

function logWrites({ tableName }: Options, { streamId, contribution, now }: ContributionWrite, head: number): Writes {
  const change = head + 1;
  const expiresAt = Math.floor((toMillis(now) + logDays * dayMillis) / 1_000);
  const entry = { ...changeKey(change), change, streamId, contribution: packJson(contribution), expiresAt };
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

async function transact({ client }: Options, TransactItems: Writes) {
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
    return 'written';
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const codes = reasons.map(({ Code }) => Code ?? 'None');
    if (codes[0] === 'ConditionalCheckFailed') return 'contribution-moved';
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
  const parts = await Promise.all(Array.from({ length: shards }, (_, shard) => partition(options, shard)));
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
  const changes = items.slice(0, -1).map((item) => changeItem.parse(item));
  const isGapless = changes.every(({ change }, index) => change === after + index + 1);
  const isWhole = head === undefined || changes.length > 0 || headItem.parse(head).change <= after;
  if (!isGapless || !isWhole) return undefined;
  return changes.map(({ change, streamId, contribution }) => ({
    change,
    streamId,
    contribution: unpackJson(contribution) as Contribution,
  }));
}

async function collect(client: DynamoDBDocumentClient, query: Parameters<typeof paginateQuery>[1]) {
  const items: unknown[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items);
  return items;
}
