import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import type { EmbeddingStabilityStore } from '../../shared/ports/embedding-stability-store.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { embeddingStabilityStoreContract } from './embedding-stability-store.contract.ts';
import { healthTable } from './evaluation-store.health-table.ts';

describe('embedding stability store on DynamoDB', () => {
  let engine: Dynoxide;
  let store: EmbeddingStabilityStore;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(healthTable('Health'));
    store = createDynamoEmbeddingStabilityStore({ client: engine.client, tableName: 'Health' });
  });
  afterAll(() => engine.stop());

  embeddingStabilityStoreContract(() => store);
});
