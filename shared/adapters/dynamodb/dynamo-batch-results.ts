import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from '../../domain/zod.ts';
import { createByteCache } from '../byte-cache.ts';
import { callDependency } from '../dependency-error.ts';
import { bytesOfText, hoursOfPoints, hoursOfText, textOfHours } from '../hour-rows.ts';
import type { BatchResults } from '../layered-metrics.ts';
import { batchDailyPartition, batchHourKey, batchPartition, batchPointerKey } from './batch-keys.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const pointerItem = z.object({ sk: z.string(), runId: z.string() });
const pointsItem = z.object({ sk: z.string(), data: z.instanceof(Uint8Array) });

/** What the batch join has written into the table of ground truth. */
export function createDynamoBatchResults(options: Options): BatchResults {
  const query = (pk: string, first: string, last: string) =>
    callDependency('DynamoDB', () => queryAll(options, { pk, first, last }));
  return {
    runs: async (first, last) => {
      const { pk } = batchPointerKey(first);
      const items = (await query(pk, first, last)).map((item) => pointerItem.parse(item));
      return new Map(items.map(({ sk, runId }) => [sk, runId]));
    },
    hours: async ({ day, ...of }) => {
      const [first, last] = ['00', '23'].map((hour) => batchHourKey(of, `${day}T${hour}`).sk);
      const items = await query(batchPartition(of.modelId, day), first!, last!);
      return items.map((item) => pointsItem.parse(item)).map(({ sk, data }) => ({ hour: sk.split('#').at(-1)!, data }));
    },
    days: async ({ modelId, versions, first, last }) => {
      const items = await query(batchDailyPartition(modelId), `${versions}#${first}#`, `${versions}#${last}#~`);
      return items.map((item) => {
        const { sk, data } = pointsItem.parse(item);
        const [, day = '', runId = ''] = sk.split('#');
        return { day, runId, data };
      });
    },
  };
}

/** As they are, remembering hours, merged: what a run has written never changes. */
export function rememberedBatchResults(batch: BatchResults, maximumBytes: number): BatchResults {
  const cache = createByteCache<string>(maximumBytes, bytesOfText);
  const underWay = new Map<string, ReturnType<BatchResults['runs']>>();
  return {
    ...batch,
    // They are the same for every model: once for all who ask at the same time.
    runs: (first, last) => {
      const key = `${first} ${last}`;
      const asked = underWay.get(key) ?? batch.runs(first, last).finally(() => underWay.delete(key));
      underWay.set(key, asked);
      return asked;
    },
    mergedHours: async (query) => {
      const key = `${query.modelId} ${query.versions} ${query.day}`;
      const rows = cache.get(key, query.runId) ?? textOfHours(hoursOfPoints(await batch.hours(query)));
      cache.set(key, query.runId, rows);
      return hoursOfText(rows);
    },
  };
}

type Range = { readonly pk: string; readonly first: string; readonly last: string };

/** Consistent: a day's pointer is only of use with the rows that were written before it. */
async function queryAll({ client, tableName }: Options, { pk, first, last }: Range): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const query = {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
  };
  for await (const { Items } of paginateQuery({ client }, query)) items.push(...(Items ?? []));
  return items;
}
