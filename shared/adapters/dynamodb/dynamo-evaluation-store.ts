import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { Instant } from '../../domain/time.ts';
import { z } from '../../domain/zod.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { Page } from '../../ports/event-store.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import { decodeCursor, encodeCursor } from '../list-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type Put = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>;

const storedItem = z.object({ sk: z.string(), evaluation: z.instanceof(Uint8Array) });
const prefix = 'evaluation#';
/** Sorts after every instant. */
const endOfTime = '~';

const partitionOf = (modelId: string) => `model#${modelId}`;
const sortKeyOf = ({ evaluatedAt, kind }: Evaluation) => `${prefix}${evaluatedAt}#${kind}`;

/** `pk` model#<modelId>; `sk` evaluation#<evaluatedAt>#<kind>, and `latest` with a copy of the newest scheduled one. */
export function createDynamoEvaluationStore(options: Options): EvaluationStore {
  return {
    put: (evaluation) => callDependency('DynamoDB', () => put(options, evaluation)),
    latest: (modelId, before) => callDependency('DynamoDB', () => latest(options, modelId, before ?? endOfTime)),
    list: (modelId, page) => callDependency('DynamoDB', () => list(options, modelId, page)),
  };
}

async function put(options: Options, evaluation: Evaluation): Promise<void> {
  const record = recordPut(options, evaluation);
  if (evaluation.kind === 'on-demand') return void (await write(options, [record]));
  const [isStored, isOvertaken] = await write(options, [record, latestPut(options, evaluation)]);
  if (isOvertaken && !isStored) await write(options, [record]);
}

/** Which of the conditions failed; none when all was written. */
async function write({ client }: Options, puts: readonly Put[]): Promise<readonly boolean[]> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: puts.map((Put) => ({ Put })) }));
    return [];
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const failed = reasons.map(({ Code }) => Code === 'ConditionalCheckFailed');
    if (failed.includes(true)) return failed;
    // Another evaluation of the model is being written, or the table is throttled: both pass.
    throw reasons.length > 0 ? dependencyUnavailable('DynamoDB', error) : error;
  }
}

function recordPut({ tableName }: Options, evaluation: Evaluation): Put {
  const Item = itemOf(evaluation, sortKeyOf(evaluation));
  return { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' };
}

function latestPut({ tableName }: Options, evaluation: Evaluation): Put {
  return {
    TableName: tableName,
    Item: itemOf(evaluation, 'latest'),
    ConditionExpression: 'attribute_not_exists(pk) OR evaluatedAt < :evaluatedAt',
    ExpressionAttributeValues: { ':evaluatedAt': evaluation.evaluatedAt },
  };
}

// What is read are our own bytes, under a key that names what they are.
function readEvaluation(item: unknown): Evaluation {
  return unpackJson(storedItem.parse(item).evaluation) as Evaluation;
}

// Packed, because as text the evaluation of hundreds of features passes the 400 KB of an item, and because DynamoDB's
// numbers end at 1e-130, where p-values do not. Beside it: what an operator looks for in the console.
function itemOf(evaluation: Evaluation, sk: string): Record<string, unknown> {
  const { modelId, evaluatedAt, kind, verdict, summary } = evaluation;
  return { pk: partitionOf(modelId), sk, evaluatedAt, kind, verdict, summary, evaluation: packJson(evaluation) };
}

async function latest(
  { client, tableName }: Options,
  modelId: string,
  before: Instant,
): Promise<Evaluation | undefined> {
  const Key = { pk: partitionOf(modelId), sk: 'latest' };
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
  const newest = Item && readEvaluation(Item);
  if (newest === undefined || newest.evaluatedAt < before) return newest;
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :model AND sk BETWEEN :first AND :last',
    FilterExpression: 'kind = :scheduled',
    ExpressionAttributeValues: {
      ':model': partitionOf(modelId),
      ':first': prefix,
      ':last': `${prefix}${before}`,
      ':scheduled': 'scheduled',
    },
    ScanIndexForward: false,
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client, pageSize: 25 }, query)) {
    const [first] = Items;
    if (first !== undefined) return readEvaluation(first);
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
    KeyConditionExpression: 'pk = :model AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':model': partitionOf(modelId), ':prefix': prefix },
    ScanIndexForward: false,
    ConsistentRead: true,
    ...(after && { ExclusiveStartKey: { pk: partitionOf(modelId), sk: after.sort } }),
  };
  const items: z.infer<typeof storedItem>[] = [];
  // One more than asked for tells whether there is a next page; DynamoDB's own page ends at 1 MB.
  for await (const { Items = [] } of paginateQuery({ client, pageSize: page.limit + 1 }, query)) {
    items.push(...Items.map((item) => storedItem.parse(item)));
    if (items.length > page.limit) break;
  }
  const shown = items.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = last !== undefined && items.length > shown.length;
  return {
    items: shown.map(readEvaluation),
    ...(hasMore ? { cursor: encodeCursor(name, { sort: last.sk, streamId: partitionOf(modelId) }) } : {}),
  };
}
