import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoLineageStateStore } from '../../shared/adapters/dynamodb/dynamo-lineage-state-store.ts';
import { createMemoryLineageStateStore } from '../../shared/adapters/memory/memory-lineage-state-store.ts';
import { emptyDataset, emptyRun } from '../../shared/domain/graph/openlineage/lineage-state.ts';
import type { LineageStateStore } from '../../shared/ports/lineage-state-store.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';

const now = '2026-01-01T00:00:00.000Z';
let engine: Dynoxide;
beforeAll(async () => {
  engine = await startDynoxide();
  // The graph's table has the health table's keys.
  await engine.createTable(healthTable('Graph'));
});
afterAll(() => engine.stop());

describe.each([
  ['in memory', () => createMemoryLineageStateStore()],
  ['on DynamoDB', () => createDynamoLineageStateStore({ client: engine.client, tableName: 'Graph' })],
])('states %s', (_name, make: () => LineageStateStore) => {
  test('are read as they were written, and counted', async () => {
    const store = make();
    const state = { ...emptyDataset, name: 'orders', columns: [['__proto__', now]] } as const;
    await store.put({ key: 'dataset\na/b', state, expectedRevision: 0 }, now);
    await store.put({ key: 'dataset\na/b', state: { ...state, name: 'o' }, expectedRevision: 1 }, now);
    await store.put({ key: 'run\n1', state: emptyRun, expectedRevision: 0 }, now);
    const read = await store.getMany(['run\n1', 'dataset\na/b', 'job\nnone']);
    expect(read.toSorted((a, b) => a.revision - b.revision)).toEqual([
      { key: 'run\n1', revision: 1, state: emptyRun },
      { key: 'dataset\na/b', revision: 2, state: { ...state, name: 'o' } },
    ]);
  });

  test('are not written over what somebody else has written since', async () => {
    const store = make();
    const write = (expectedRevision: number) => store.put({ key: 'run\n2', state: emptyRun, expectedRevision }, now);
    await write(0);
    for (const stale of [0, 2]) await expect(write(stale)).rejects.toMatchObject({ name: 'VersionConflict' });
  });

  test('may have keys longer than a key of a table', async () => {
    const store = make();
    const keys = Array.from({ length: 130 }, (_, index) => `dataset\n${'x'.repeat(3_000)}/${index}`);
    for (const key of keys) await store.put({ key, state: emptyDataset, expectedRevision: 0 }, now);
    expect(await store.getMany(keys)).toHaveLength(keys.length);
  });
});
