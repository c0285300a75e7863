import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { noChanges } from '../../domain/ground-truth/day-changes.ts';
import { dayMillis, hourOf, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { GroundTruthMetrics, HourQuery } from '../../ports/ground-truth-metrics.ts';
import { callDependency } from '../dependency-error.ts';
import { type AggregateQuery, groundTruthMetricsOver } from '../ground-truth-metrics.ts';
import { layeredMetrics } from '../layered-metrics.ts';
import { rememberedMetrics } from '../remembered-metrics.ts';
import { batchGet, itemId } from './batch-get.ts';
import { cursorFromItem } from './cursor-item.ts';
import { createDynamoBatchResults, rememberedBatchResults } from './dynamo-batch-results.ts';
import { gatheredGets } from './gathered-gets.ts';
import {
  aggregateItemKey,
  aggregatePartition,
  aggregateRange,
  cursorItemKey,
  hourOfAggregate,
} from './ground-truth-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type ReadOptions = Options & { readonly isConsistent?: boolean };

const aggregateItem = z.object({ sk: z.string(), data: z.instanceof(Uint8Array) });
// A window of a quarter is 90 partitions; more than this at a time only queues in the client's connection pool.
const concurrentDays = 16;
/** Of the memory that is given to remembering: a day that the batch has joined is a tenth of its profile. */
const batchShare = 0.1;

/** Of both layers. Eventually consistent: a metric may lag the join by a second. */
export function createDynamoGroundTruthMetrics(options: Options): GroundTruthMetrics {
  return layeredMetrics(createStreamMetrics(options), createDynamoBatchResults(options));
}

/** Reads the days of a window side by side. */
function createStreamMetrics(options: Options): GroundTruthMetrics {
  return groundTruthMetricsOver((query) => callDependency('DynamoDB', () => readWindow(options, query)));
}

/** As the former, remembering what has not changed; for functions that ask for the same windows again and again. */
export function createRememberedGroundTruthMetrics(options: Options, maximumBytes: number): GroundTruthMetrics {
  const consistent = { ...options, isConsistent: true };
  const speed = rememberedMetrics({
    metrics: createStreamMetrics(options),
    read: (query) => callDependency('DynamoDB', () => readWindow(consistent, query)),
    readHours: (query) => callDependency('DynamoDB', () => readHours(consistent, query)),
    changes: gatheredChanges(options),
    maximumBytes: maximumBytes * (1 - batchShare),
  });
  const batch = createDynamoBatchResults(options);
  return layeredMetrics(speed, rememberedBatchResults(batch, maximumBytes * batchShare));
}

/** Changes of the models that are asked for in the same turn of the event loop, in one request. */
function gatheredChanges(options: Options) {
  const get = gatheredGets(options);
  return async (modelId: string, buckets: number) => {
    const keys = Array.from({ length: buckets }, (_, bucket) => cursorItemKey({ modelId, bucket }));
    const items = await callDependency('DynamoDB', () => get(keys));
    return keys.map((key) => {
      const item = items.get(itemId(key));
      return item === undefined ? noChanges : cursorFromItem(item).changes;
    });
  };
}

async function readHours(options: ReadOptions, { modelId, version, buckets, hours }: HourQuery) {
  const keysByHour = hours.map((hour) =>
    Array.from({ length: buckets }, (_, bucket) =>
      aggregateItemKey({ modelId, bucket }, { kind: 'profile', hour, versions: String(version) }),
    ),
  );
  const items = await batchGet(options, keysByHour.flat());
  return keysByHour.map((keys) =>
    keys.flatMap((key) => {
      const item = items.get(itemId(key));
      return item === undefined ? [] : [aggregateItem.parse(item).data];
    }),
  );
}

async function readWindow(options: ReadOptions, query: AggregateQuery) {
  const days = daysOf(query.from, query.to);
  const read: (readonly { hour: string; data: Uint8Array }[])[] = [];
  for (let next = 0; next < days.length; next += concurrentDays) {
    const some = days.slice(next, next + concurrentDays);
    read.push(...(await Promise.all(some.map((day) => readDay(options, query, day)))));
  }
  return read.flat();
}

/** The part of each day that lies in the window: first and last hour, inclusive. */
function daysOf(from: Instant, to: Instant): readonly { readonly first: string; readonly last: string }[] {
  const days: { first: string; last: string }[] = [];
  const end = toMillis(to) - 1;
  for (let at = toMillis(from); at <= end; at = (Math.floor(at / dayMillis) + 1) * dayMillis) {
    const lastOfDay = (Math.floor(at / dayMillis) + 1) * dayMillis - 1;
    days.push({ first: hourOf(toInstant(at)), last: hourOf(toInstant(Math.min(end, lastOfDay))) });
  }
  return days;
}

async function readDay(
  options: ReadOptions,
  { modelId, kind, versions }: AggregateQuery,
  day: { first: string; last: string },
) {
  const range = aggregateRange(kind, versions, day.first, day.last);
  const items: { hour: string; data: Uint8Array }[] = [];
  const query = {
    TableName: options.tableName,
    ConsistentRead: options.isConsistent === true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':pk': aggregatePartition(modelId, day.first),
      ':first': range.first,
      ':last': range.last,
    },
  };
  for await (const { Items } of paginateQuery({ client: options.client }, query)) {
    for (const item of Items ?? []) {
      const { sk, data } = aggregateItem.parse(item);
      items.push({ hour: hourOfAggregate(sk), data });
    }
  }
  return items;
}
