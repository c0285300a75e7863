import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { BatchDay, BatchRun } from '../../domain/ground-truth/batch/batch-run.ts';
import type { DayMetrics } from '../../domain/ground-truth/batch/metric-rows.ts';
import { dayMillis, type Instant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { BatchStore } from '../../ports/batch-store.ts';
import { batchItems } from '../batch-items.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';
import { batchDailyKey, batchHourKey, batchPointerKey } from './batch-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const runKey = { pk: 'batch-runs', sk: 'latest' };
const runItem = z.object({ run: z.string() });
/** How long items are kept after they were written; readers ask for less. */
const keptDays = { hours: 100, days: 400 } as const;
const itemsPerRequest = 25;
const maximumRequests = 8;

/** In the table of ground truth: the latest run, metrics of runs, and one pointer a day that says which run stands. */
export function createDynamoBatchStore(options: Options): BatchStore {
  const { client, tableName } = options;
  return {
    run: () =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: runKey, ConsistentRead: true }));
        // Our own text, under a key that names what it is.
        return Item && (JSON.parse(runItem.parse(Item).run) as BatchRun);
      }),
    putRun: (run, read) => callDependency('DynamoDB', () => putRun(options, run, read)),
    putMetrics: (day, metrics, now) => callDependency('DynamoDB', () => putMetrics(options, day, metrics, now)),
    publishDay: ({ date, run, completeThrough }, now) =>
      callDependency('DynamoDB', async () => {
        const Item = { ...batchPointerKey(date), runId: run, joinedAt: now, completeThrough };
        await client.send(new PutCommand({ TableName: tableName, Item }));
      }),
  };
}

async function putRun({ client, tableName }: Options, run: BatchRun, read: BatchRun | undefined): Promise<void> {
  const unmoved =
    read === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'run = :read', ExpressionAttributeValues: { ':read': JSON.stringify(read) } };
  try {
    await client.send(
      new PutCommand({ TableName: tableName, Item: { ...runKey, run: JSON.stringify(run) }, ...unmoved }),
    );
  } catch (error) {
    throw error instanceof ConditionalCheckFailedException ? versionConflict('batch-runs', 0) : error;
  }
}

async function putMetrics(options: Options, day: BatchDay, metrics: DayMetrics, now: Instant): Promise<void> {
  const { modelId, versions } = metrics;
  const of = { modelId, versions, runId: day.run };
  const { hours, daily } = batchItems(metrics);
  const expiresAt = (days: number) => Math.ceil((toMillis(now) + days * dayMillis) / 1_000);
  const items = [
    ...hours.map(({ hour, data }) => ({ ...batchHourKey(of, hour), data, expiresAt: expiresAt(keptDays.hours) })),
    { ...batchDailyKey(of, metrics.date), data: daily, expiresAt: expiresAt(keptDays.days) },
  ];
  await writeAll(options, items);
}

async function writeAll({ client, tableName }: Options, items: readonly object[]): Promise<void> {
  let left: NonNullable<BatchWriteCommandInput['RequestItems']>[string] = items.map((Item) => ({
    PutRequest: { Item: { ...Item } },
  }));
  for (let requests = 0; left.length > 0; requests += 1) {
    // What a throttled table left over comes again with the task.
    if (requests >= maximumRequests) throw dependencyUnavailable('DynamoDB', new Error('unprocessed items'));
    const some = left.slice(0, itemsPerRequest);
    const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: some } }));
    left = [...(UnprocessedItems?.[tableName] ?? []), ...left.slice(itemsPerRequest)];
  }
}
