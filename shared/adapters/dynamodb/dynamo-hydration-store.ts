import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { HydrationRecord } from '../../domain/graph/ingestion/hydration.ts';
import type { ProviderId } from '../../domain/graph/provider-contribution.ts';
import * as z from '../../domain/zod.ts';
import type { HydrationStore } from '../../ports/hydration-store.ts';
import { callDependency } from '../dependency-error.ts';
import { batchGet } from './batch-get.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const counterItem = z.object({ ticket: z.number() });
const recordItem = z.object({
  sk: z.string(),
  ticket: z.number().default(0),
  coveredUntil: z.string().optional(),
  isGone: z.boolean().optional(),
  askedAt: z.string().optional(),
});
const counterKey = (provider: ProviderId) => ({ pk: 'hydration-tickets', sk: provider });
const keyOf = (provider: ProviderId, subject: EntityUri) => ({ pk: `hydrations#${provider}`, sk: subject });

/** In the graph table: `pk` hydration-tickets, `sk` provider counts readings; `pk` hydrations#<provider>, `sk` subject. */
export function createDynamoHydrationStore(options: Options): HydrationStore {
  return {
    latestTicket: (provider) => callDependency('DynamoDB', () => latestTicket(options, provider)),
    begin: (provider, subject) => callDependency('DynamoDB', () => begin(options, provider, subject)),
    complete: (provider, subject, outcome) =>
      callDependency('DynamoDB', () => complete(options, keyOf(provider, subject), outcome)),
    markAsked: (provider, subject, askedAt) =>
      callDependency('DynamoDB', () =>
        unlessLater(options, keyOf(provider, subject), 'SET askedAt = :value', 'askedAt < :value', askedAt),
      ),
    find: (provider, subjects) => callDependency('DynamoDB', () => find(options, provider, subjects)),
  };
}

async function latestTicket({ client, tableName }: Options, provider: ProviderId): Promise<number> {
  const key = counterKey(provider);
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
  return Item === undefined ? 0 : counterItem.parse(Item).ticket;
}

async function begin({ client, tableName }: Options, provider: ProviderId, subject: EntityUri): Promise<number> {
  const counted = await client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: counterKey(provider),
      UpdateExpression: 'ADD ticket :one',
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  const { ticket } = counterItem.parse(counted.Attributes);
  const Key = keyOf(provider, subject);
  await unlessLater({ client, tableName }, Key, 'SET ticket = :value', 'ticket < :value', ticket);
  return ticket;
}

async function complete(
  options: Options,
  key: ReturnType<typeof keyOf>,
  { coveredUntil, isGone }: { readonly coveredUntil: string; readonly isGone: boolean },
): Promise<void> {
  const set = `SET coveredUntil = :value, isGone = :isGone`;
  await unlessLater(options, key, set, 'coveredUntil <= :value', coveredUntil, { ':isGone': isGone });
}

// Of two the later stays, whoever writes first.
async function unlessLater(
  { client, tableName }: Options,
  Key: ReturnType<typeof keyOf>,
  UpdateExpression: string,
  isEarlier: string,
  value: unknown,
  others: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const [attribute] = isEarlier.split(' ');
  const update = new UpdateCommand({
    TableName: tableName,
    Key,
    UpdateExpression,
    ConditionExpression: `attribute_not_exists(${attribute}) OR ${isEarlier}`,
    ExpressionAttributeValues: { ':value': value, ...others },
  });
  try {
    await client.send(update);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}

async function find(options: Options, provider: ProviderId, subjects: readonly EntityUri[]) {
  const keys = [...new Set(subjects)].map((subject) => keyOf(provider, subject));
  const found = new Map<EntityUri, HydrationRecord>();
  for (const each of (await batchGet(options, keys)).values()) {
    const { sk, ticket, coveredUntil, isGone, askedAt } = recordItem.parse(each);
    const read = { ...(coveredUntil !== undefined && { coveredUntil }), ...(isGone && { isGone }) };
    found.set(sk, { ticket, ...read, ...(askedAt !== undefined && { askedAt }) });
  }
  return found;
}
