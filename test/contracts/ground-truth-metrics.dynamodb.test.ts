import { afterAll, beforeAll, describe } from 'vitest';
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
    world = { buffer: createDynamoJoinBuffer(table), metrics: createDynamoGroundTruthMetrics(table) };
  });
  afterAll(() => engine.stop());

  groundTruthMetricsContract(() => world);
});
