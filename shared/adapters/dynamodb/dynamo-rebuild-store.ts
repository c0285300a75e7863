import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { Rebuild } from '../../domain/graph/rebuild.ts';
import * as z from '../../domain/zod.ts';
import type { RebuildStore } from '../../ports/rebuild-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const latestKey = { pk: 'rebuilds', sk: 'latest' };
const keyOf = (rebuildId: string) => ({ pk: 'rebuilds', sk: `rebuild#${rebuildId}` });
const rebuildItem = z.object({ rebuild: z.string() });
const latestItem = z.object({ rebuildId: z.string() });

/** In the graph table: `pk` rebuilds, `sk` rebuild#<id>, and `latest` which points to the one begun last. */
export function createDynamoRebuildStore(options: Options): RebuildStore {
  const get = (rebuildId: string) => callDependency('DynamoDB', () => read(options, rebuildId));
  return {
    get,
    latest: async () => {
      const item = await callDependency('DynamoDB', () => getItem(options, latestKey));
      return item === undefined ? undefined : get(latestItem.parse(item).rebuildId);
    },
    begin: (rebuild, expected) => callDependency('DynamoDB', () => begin(options, rebuild, expected)),
    put: (rebuild) =>
      callDependency('DynamoDB', async () => {
        await options.client.send(new PutCommand({ TableName: options.tableName, Item: itemOf(rebuild) }));
      }),
  };
}

async function getItem({ client, tableName }: Options, Key: Record<string, string>) {
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item;
}

async function read(options: Options, rebuildId: string): Promise<Rebuild | undefined> {
  const item = await getItem(options, keyOf(rebuildId));
  // Our own text, under a key that names what it is.
  return item && (JSON.parse(rebuildItem.parse(item).rebuild) as Rebuild);
}

function itemOf(rebuild: Rebuild) {
  return { ...keyOf(rebuild.rebuildId), rebuild: JSON.stringify(rebuild) };
}

async function begin({ client, tableName }: Options, rebuild: Rebuild, expected: Rebuild | undefined): Promise<void> {
  const { rebuildId, attempt } = rebuild;
  const unmoved =
    expected === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'rebuildId = :id AND attempt = :attempt',
          ExpressionAttributeValues: { ':id': expected.rebuildId, ':attempt': expected.attempt },
        };
  const TransactItems = [
    { Put: { TableName: tableName, Item: { ...latestKey, rebuildId, attempt }, ...unmoved } },
    { Put: { TableName: tableName, Item: itemOf(rebuild) } },
  ];
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    const moved = ['ConditionalCheckFailed', 'TransactionConflict'];
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    if (reasons.some(({ Code }) => moved.includes(Code ?? '')))
      throw versionConflict('rebuilds', expected?.attempt ?? 0);
    throw error;
  }
}
