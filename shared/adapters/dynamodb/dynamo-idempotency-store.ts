import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toInstant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { IdempotencyStore, IdempotentRequest, StoredResponse } from '../../ports/idempotency-store.ts';
import { callDependency } from '../dependency-error.ts';
import { answerFrom, type IdempotencyRecord, inProgress, leaseFor } from '../idempotency-record.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const responseSchema = z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() });
const itemSchema = z.object({
  requestHash: z.string(),
  leaseUntil: z.string(),
  expiresAt: z.number(),
  response: responseSchema.optional(),
});

// An item ends at 400 KB. A longer answer is given once; its repetition runs again, as without a key.
const maximumBodyBytes = 350_000;

/** One item per key; `expiresAt` in seconds only collects garbage, expiry is decided on the request's now. */
export function createDynamoIdempotencyStore(options: Options): IdempotencyStore {
  return {
    begin: (request) => callDependency('DynamoDB', () => begin(options, request)),
    complete: (request, response) => callDependency('DynamoDB', () => complete(options, request, response)),
    release: (request) => callDependency('DynamoDB', () => release(options, request)),
  };
}

async function begin(options: Options, request: IdempotentRequest): Promise<StoredResponse | undefined> {
  const stored = await read(options, request.key);
  const answer = answerFrom(stored, request);
  if (answer !== undefined) return answer;
  const unchanged = stored === undefined ? { ConditionExpression: 'attribute_not_exists(pk)' } : isStill(stored);
  if (
    !(await onCondition(
      options.client.send(
        new PutCommand({ TableName: options.tableName, Item: toItem(request.key, leaseFor(request)), ...unchanged }),
      ),
    ))
  ) {
    throw inProgress();
  }
  return undefined;
}

async function complete(options: Options, request: IdempotentRequest, response: StoredResponse): Promise<void> {
  if (Buffer.byteLength(response.body) > maximumBodyBytes) return release(options, request);
  const lease = leaseFor(request);
  const Item = toItem(request.key, { ...lease, response });
  await onCondition(options.client.send(new PutCommand({ TableName: options.tableName, Item, ...leaseIs(lease) })));
}

async function release(options: Options, request: IdempotentRequest): Promise<void> {
  await onCondition(
    options.client.send(
      new DeleteCommand({ TableName: options.tableName, Key: { pk: request.key }, ...leaseIs(leaseFor(request)) }),
    ),
  );
}

async function read({ client, tableName }: Options, key: string): Promise<IdempotencyRecord | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { pk: key }, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  const { expiresAt, response, ...lease } = itemSchema.parse(Item);
  return { ...lease, expiresAt: toInstant(expiresAt * 1_000), ...(response && { response }) };
}

function toItem(key: string, { expiresAt, ...record }: IdempotencyRecord): Record<string, unknown> {
  return { pk: key, ...record, expiresAt: Math.ceil(toMillis(expiresAt) / 1_000) };
}

// An expired answer may be replaced.
function isStill({ leaseUntil, requestHash }: IdempotencyRecord) {
  return {
    ConditionExpression: 'leaseUntil = :lease AND requestHash = :hash',
    ExpressionAttributeValues: { ':lease': leaseUntil, ':hash': requestHash },
  };
}

function leaseIs({ leaseUntil, requestHash }: IdempotencyRecord) {
  return {
    ConditionExpression: 'leaseUntil = :lease AND requestHash = :hash AND attribute_not_exists(#response)',
    ExpressionAttributeNames: { '#response': 'response' },
    ExpressionAttributeValues: { ':lease': leaseUntil, ':hash': requestHash },
  };
}

async function onCondition(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
