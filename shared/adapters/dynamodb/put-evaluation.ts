import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { type HealthRow, mergeHealthRow } from '../../domain/health/health-row.ts';
import { timelinePoint } from '../../domain/health/timeline.ts';
import type { PutOptions } from '../../ports/evaluation-store.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import type { Transact, Writes } from './gathered-transactions.ts';
import { latestItem, pointName, pointText, readRow, recordItem, rowItem, rowKey, timelineKey } from './health-items.ts';

type Options = {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly transact: Transact;
};

/** Others that evaluate the same model at the same time are few: the schedule's repetition, or a scan that took long. */
const maximumAttempts = 5;

/**
 * One transaction: the record unless it is there, its point of the timeline, and the row under the condition that it is
 * still the one that was merged; with the newest also the copy of it.
 */
export async function putEvaluation(
  options: Options,
  evaluation: Evaluation,
  { before, inputs }: PutOptions = {},
): Promise<void> {
  const record = recordPut(options, evaluation, inputs);
  if (evaluation.kind === 'on-demand') return void (await write(options, [record]));
  let row = before ?? (await currentRow(options, evaluation.modelId));
  for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
    const [isStored, isRowMoved] = await write(options, [record, ...viewsOf(options, evaluation, row)]);
    if (isStored || !isRowMoved) return;
    row = await currentRow(options, evaluation.modelId);
  }
  throw dependencyUnavailable('DynamoDB', new Error(`the row of ${evaluation.modelId} keeps changing`));
}

/** What is shown of a scheduled evaluation beside its record. */
function viewsOf(options: Options, evaluation: Evaluation, row: HealthRow | undefined): Writes {
  const isNewest = row === undefined || row.evaluatedAt < evaluation.evaluatedAt;
  const latestPut = { Put: { TableName: options.tableName, Item: latestItem(evaluation) } };
  return [
    rowPut(options, mergeHealthRow(row, evaluation)),
    pointUpdate(options, evaluation),
    ...(isNewest ? [latestPut] : []),
  ];
}

/** Which of the conditions failed; none when all was written. */
async function write({ transact }: Options, writes: Writes): Promise<readonly boolean[]> {
  try {
    await transact(writes);
    return [];
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const failed = reasons.map(({ Code }) => Code === 'ConditionalCheckFailed');
    if (failed.includes(true)) return failed;
    // Another evaluation of the model is being written, or the table is throttled: both pass.
    throw reasons.length > 0 ? dependencyUnavailable('DynamoDB', error) : error;
  }
}

async function currentRow({ client, tableName }: Options, modelId: string): Promise<HealthRow | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: rowKey(modelId), ConsistentRead: true }),
  );
  return Item && readRow(Item);
}

function recordPut({ tableName }: Options, evaluation: Evaluation, inputs: PutOptions['inputs']): Writes[number] {
  const Item = recordItem(evaluation, inputs);
  return { Put: { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

function rowPut({ tableName }: Options, row: HealthRow): Writes[number] {
  const isUnmoved =
    row.revision === 1
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :read', ExpressionAttributeValues: { ':read': row.revision - 1 } };
  return { Put: { TableName: tableName, Item: rowItem(row), ...isUnmoved } };
}

function pointUpdate({ tableName }: Options, evaluation: Evaluation): Writes[number] {
  return {
    Update: {
      TableName: tableName,
      Key: timelineKey(evaluation),
      UpdateExpression: 'SET #at = :point',
      ExpressionAttributeNames: { '#at': pointName(evaluation) },
      ExpressionAttributeValues: { ':point': pointText(timelinePoint(evaluation)) },
    },
  };
}
