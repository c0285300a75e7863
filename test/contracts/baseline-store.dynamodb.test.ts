import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { buildBaseline } from '../../shared/domain/health/build-baseline.ts';
import type { BaselineStore } from '../../shared/ports/baseline-store.ts';
import { baselineStoreContract } from './baseline-store.contract.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';

describe('baseline store on DynamoDB', () => {
  let engine: Dynoxide;
  let store: BaselineStore;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(healthTable('Health'));
    store = createDynamoBaselineStore({ client: engine.client, tableName: 'Health' });
  });
  afterAll(() => engine.stop());

  baselineStoreContract(() => store);

  it('refuses a baseline that no item holds, and says what makes it so', async () => {
    const digest = (i: number) => createHash('sha512').update(String(i)).digest('base64');
    const rows = Array.from({ length: 6_000 }, (_, i) => ({
      features: { a: digest(i), b: digest(-i - 1) },
      score: 0.5,
    }));
    const features = ['a', 'b'].map((name) => ({ name, type: 'categorical' as const, required: true, importance: 1 }));
    const window = { from: '2001-01-01T00:00:00.000Z', to: '2001-01-22T00:00:00.000Z' };
    const large = buildBaseline({ modelId: 'huge', version: 1, taskType: 'binary', features, rows, ...window });
    await expect(store.put(large)).rejects.toMatchObject({ name: 'InvalidRequest', code: 'baseline-too-large' });
  });
});
