import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { batchDailyKey, batchHourKey, batchPointerKey } from '../../shared/adapters/dynamodb/batch-keys.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { groundTruthMetricsContract } from './ground-truth-metrics.contract.ts';
import { groundTruthTable } from './join-buffer.table.ts';

describe('ground-truth metrics on DynamoDB', () => {
  let engine: Dynoxide;
  let world: Parameters<typeof groundTruthMetricsContract>[0] extends () => infer W ? W : never;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(groundTruthTable);
    const table = { client: engine.client, tableName: 'GroundTruth' };
    const put = async (item: Record<string, unknown>) =>
      void (await engine.client.send(new PutCommand({ TableName: table.tableName, Item: item })));
    world = {
      buffer: createDynamoJoinBuffer(table),
      metrics: createDynamoGroundTruthMetrics(table),
      batch: {
        putHour: ({ hour, data, ...of }) => put({ ...batchHourKey(of, hour), data }),
        putDay: ({ day, data, ...of }) => put({ ...batchDailyKey(of, day), data }),
        point: (day, runId) => put({ ...batchPointerKey(day), runId }),
      },
    };
  });
  afterAll(() => engine.stop());

  groundTruthMetricsContract(() => world);
});
