import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import * as z from '../../domain/zod.ts';
import type { ProviderDocumentName, ProviderDocuments, ProviderStore, Revised } from '../../ports/provider-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const item = z.object({ sk: z.string(), revision: z.number(), document: z.string() });
const keyOf = (provider: string, name: ProviderDocumentName) => ({ pk: `providers#${name}`, sk: provider });

/** In the graph table: `pk` providers#<document>, `sk` provider. */
export function createDynamoProviderStore(options: Options): ProviderStore {
  return {
    get: (provider, name) => callDependency('DynamoDB', () => get(options, provider, name)),
    put: (provider, name, document) => callDependency('DynamoDB', () => put(options, keyOf(provider, name), document)),
    remove: (provider, name, revision) =>
      callDependency('DynamoDB', () => remove(options, keyOf(provider, name), revision)),
    all: (name) => callDependency('DynamoDB', () => all(options, name)),
  };
}

// What is kept is our own text, under a key that names what it is.
function documentOf<N extends ProviderDocumentName>(text: string): ProviderDocuments[N] {
  return JSON.parse(text) as ProviderDocuments[N];
}

async function get<N extends ProviderDocumentName>(
  { client, tableName }: Options,
  provider: string,
  name: N,
): Promise<Revised<ProviderDocuments[N]> | undefined> {
  const key = keyOf(provider, name);
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  const { document, revision } = item.parse(Item);
  return { value: documentOf<N>(document), revision };
}

async function put(
  { client, tableName }: Options,
  key: ReturnType<typeof keyOf>,
  { value, revision }: Revised<unknown>,
): Promise<void> {
  const unmoved = revision === 0 ? { ConditionExpression: 'attribute_not_exists(pk)' } : hasRevision(revision);
  const Item = { ...key, revision: revision + 1, document: JSON.stringify(value) };
  await orConflict(key, revision, () => client.send(new PutCommand({ TableName: tableName, Item, ...unmoved })));
}

async function remove({ client, tableName }: Options, key: ReturnType<typeof keyOf>, revision: number): Promise<void> {
  const command = new DeleteCommand({ TableName: tableName, Key: key, ...hasRevision(revision) });
  await orConflict(key, revision, () => client.send(command));
}

function hasRevision(revision: number) {
  return { ConditionExpression: 'revision = :expected', ExpressionAttributeValues: { ':expected': revision } };
}

async function orConflict(key: ReturnType<typeof keyOf>, revision: number, write: () => Promise<unknown>) {
  try {
    await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw versionConflict(`${key.pk} ${key.sk}`, revision);
    throw error;
  }
}

async function all<N extends ProviderDocumentName>({ client, tableName }: Options, name: N) {
  const found = new Map<string, ProviderDocuments[N]>();
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :documents',
    ExpressionAttributeValues: { ':documents': keyOf('', name).pk },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    for (const each of Items) {
      const { sk, document } = item.parse(each);
      found.set(sk, documentOf<N>(document));
    }
  return found;
}
