import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { GraphImport } from '../../domain/graph/import/graph-import.ts';
import { dayMillis, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { ImportStore, ProviderImports } from '../../ports/import-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const partition = 'imports';
const importKey = (importId: string) => ({ pk: partition, sk: `import#${importId}` });
const providerKey = (provider: string) => ({ pk: partition, sk: `provider#${provider}` });
const partPrefix = (importId: string) => `part#${importId}#`;
/** A report is kept for a quarter. */
const keptDays = 90;

const documentItem = z.object({ document: z.string() });
const partItem = z.object({ part: z.number(), bytes: z.number() });

/** In the graph table: `pk` imports, `sk` import#<id>, provider#<provider> and part#<id>#<number>. */
export function createDynamoImportStore(options: Options): ImportStore {
  return {
    get: (importId) => read<GraphImport>(options, importKey(importId)),
    provider: (provider) => read<ProviderImports>(options, providerKey(provider)),
    put: (next) =>
      expecting(next.importId, next.revision, () =>
        options.client.send(new PutCommand({ TableName: options.tableName, ...importWrite(next) })),
      ),
    putBoth: (next, provider) =>
      expecting(next.importId, next.revision, () =>
        options.client.send(
          new TransactWriteCommand({
            TransactItems: [importWrite(next), write(providerKey(provider.provider), provider)].map((each) => ({
              Put: { TableName: options.tableName, ...each },
            })),
          }),
        ),
      ),
    putPart: (importId, { part, bytes }) =>
      callDependency('DynamoDB', async () => {
        // Three digits sort as text.
        const sk = `${partPrefix(importId)}${String(part).padStart(3, '0')}`;
        const Item = { pk: partition, sk, part, bytes };
        await options.client.send(new PutCommand({ TableName: options.tableName, Item }));
      }),
    parts: (importId) => callDependency('DynamoDB', () => parts(options, importId)),
  };
}

async function read<T>({ client, tableName }: Options, Key: Record<string, string>): Promise<T | undefined> {
  return callDependency('DynamoDB', async () => {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
    // Our own text, under a key that names what it is.
    return Item && (JSON.parse(documentItem.parse(Item).document) as T);
  });
}

function importWrite(next: GraphImport) {
  const expiresAt = Math.floor((toMillis(next.startedAt) + keptDays * dayMillis) / 1_000);
  return write(importKey(next.importId), next, { expiresAt });
}

function write(key: Record<string, string>, document: { readonly revision: number }, more: object = {}) {
  const { revision } = document;
  const Item = { ...key, revision, document: JSON.stringify(document), ...more };
  return revision === 1
    ? { Item, ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        Item,
        ConditionExpression: 'revision = :expected',
        ExpressionAttributeValues: { ':expected': revision - 1 },
      };
}

async function expecting(id: string, revision: number, send: () => Promise<unknown>): Promise<void> {
  try {
    await callDependency('DynamoDB', send);
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const codes = [error instanceof Error ? error.name : '', ...reasons.map(({ Code }) => Code ?? '')];
    const moved = ['ConditionalCheckFailedException', 'ConditionalCheckFailed', 'TransactionConflict'];
    throw codes.some((code) => moved.includes(code)) ? versionConflict(id, revision - 1) : error;
  }
}

async function parts({ client, tableName }: Options, importId: string) {
  const found: z.output<typeof partItem>[] = [];
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :imports AND begins_with(sk, :parts)',
    ExpressionAttributeValues: { ':imports': partition, ':parts': partPrefix(importId) },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    found.push(...Items.map((item) => partItem.parse(item)));
  return found;
}
