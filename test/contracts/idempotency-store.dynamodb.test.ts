import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import type { IdempotencyStore } from '../../shared/ports/idempotency-store.ts';
import { type Dynoxide, keyedTable, startDynoxide } from './dynoxide.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

describe('idempotency store on DynamoDB', () => {
  let engine: Dynoxide;
  let store: IdempotencyStore;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(keyedTable('Idempotency'));
    store = createDynamoIdempotencyStore({ client: engine.client, tableName: 'Idempotency' });
  });
  afterAll(() => engine.stop());

  idempotencyStoreContract(() => store);

  it('forgets an answer that no item can hold', async () => {
    const request = { key: 'huge', requestHash: 'a', now: '2001-01-22T06:00:00.000Z' };
    await store.begin(request);
    await store.complete(request, { status: 200, headers: {}, body: 'x'.repeat(500_000) });
    expect(await store.begin(request)).toBeUndefined();
  });
});
