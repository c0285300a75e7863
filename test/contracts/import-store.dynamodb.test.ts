import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import type { ImportStore } from '../../shared/ports/import-store.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';
import { importStoreContract } from './import-store.contract.ts';

let engine: Dynoxide;
let store: ImportStore;
beforeAll(async () => {
  engine = await startDynoxide();
  // The graph's table has the health table's keys.
  await engine.createTable(healthTable('Imports'));
  store = createDynamoImportStore({ client: engine.client, tableName: 'Imports' });
});
afterAll(() => engine.stop());

describe('import store on DynamoDB', () => {
  importStoreContract(() => store);
});
