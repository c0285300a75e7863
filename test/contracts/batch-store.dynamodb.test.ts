import { afterAll, beforeAll } from 'vitest';
import { createDynamoBatchResults } from '../../shared/adapters/dynamodb/dynamo-batch-results.ts';
import { createDynamoBatchStore } from '../../shared/adapters/dynamodb/dynamo-batch-store.ts';
import { batchStoreContract, metrics } from './batch-store.contract.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { groundTruthTable } from './join-buffer.table.ts';

let engine: Dynoxide;
let tables = 0;
beforeAll(async () => {
  engine = await startDynoxide();
});
afterAll(() => engine.stop());

batchStoreContract(async () => {
  tables += 1;
  const options = { client: engine.client, tableName: `GroundTruth${tables}` };
  await engine.createTable({ ...groundTruthTable, TableName: options.tableName });
  const results = createDynamoBatchResults(options);
  return {
    store: createDynamoBatchStore(options),
    published: async () => {
      const { date: day, modelId, versions } = metrics;
      const runId = (await results.runs(day, day)).get(day);
      if (runId === undefined) return undefined;
      const hours = await results.hours({ modelId, versions, day, runId });
      const days = await results.days({ modelId, versions, first: day, last: day });
      return {
        runId,
        hours: new Map(hours.map(({ hour, data }) => [hour, data])),
        daily: days.find((each) => each.runId === runId)?.data,
      };
    },
  };
});
