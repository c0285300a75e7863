import { describe, expect, test } from 'vitest';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoListingStore } from '../../shared/adapters/dynamodb/dynamo-listing-store.ts';
import { createDynamoProviderContributions } from '../../shared/adapters/dynamodb/dynamo-provider-contributions.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { createMemoryGraphStore } from '../../shared/adapters/memory/memory-graph-store.ts';
import {
  createMemoryListingStore,
  createMemoryProviderContributions,
  createMemoryProviderStore,
} from '../../shared/adapters/memory/memory-provider-stores.ts';
import { providerConfigurationSchema } from '../../shared/domain/graph/ingestion/provider-configuration.ts';
import { beginReconcile } from '../../shared/domain/graph/ingestion/reconcile.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';
import { emptyTables } from './empty-tables.ts';

const now = '2026-01-01T00:00:00.000Z';
const table = emptyTables();

describe.each([
  ['in memory', async () => createMemoryProviderStore()],
  ['on DynamoDB', async () => createDynamoProviderStore(await table())],
])('documents of providers %s', (_name, make) => {
  const configuration = {
    ...providerConfigurationSchema.parse({ kind: 'metaflow', baseUrl: 'https://metadata.example.com' }),
    changedBy: 'ada',
    changedAt: now,
  };
  const reconcile = beginReconcile(undefined, { startedBy: 'ada', isForced: false, ticket: 3 }, now);

  test('are read as they were written, each by itself', async () => {
    const store = await make();
    expect(await store.get('metaflow', 'configuration')).toBeUndefined();
    await store.put('metaflow', 'configuration', { value: configuration, revision: 0 });
    await store.put('metaflow', 'reconcile', { value: reconcile, revision: 0 });
    expect(await store.get('metaflow', 'configuration')).toEqual({ value: configuration, revision: 1 });
    expect(await store.get('metaflow', 'reconcile')).toEqual({ value: reconcile, revision: 1 });
    expect(await store.get('metaflow', 'circuit')).toBeUndefined();
    expect(await store.get('registry', 'configuration')).toBeUndefined();
  });

  test('are not written over what somebody else has written since', async () => {
    const store = await make();
    await store.put('metaflow', 'configuration', { value: configuration, revision: 0 });
    const next = { ...configuration, enabled: false };
    for (const revision of [0, 2])
      await expect(store.put('metaflow', 'configuration', { value: next, revision })).rejects.toMatchObject({
        name: 'VersionConflict',
      });
    await store.put('metaflow', 'configuration', { value: next, revision: 1 });
    expect(await store.get('metaflow', 'configuration')).toEqual({ value: next, revision: 2 });
  });

  test('are removed by who knows their revision, and can be put anew', async () => {
    const store = await make();
    await store.put('metaflow', 'configuration', { value: configuration, revision: 0 });
    for (const revision of [0, 2])
      await expect(store.remove('metaflow', 'configuration', revision)).rejects.toMatchObject({
        name: 'VersionConflict',
      });
    await store.remove('metaflow', 'configuration', 1);
    expect(await store.get('metaflow', 'configuration')).toBeUndefined();
    await expect(store.remove('metaflow', 'configuration', 1)).rejects.toMatchObject({ name: 'VersionConflict' });
    await store.put('metaflow', 'configuration', { value: configuration, revision: 0 });
  });

  test('are listed by provider', async () => {
    const store = await make();
    expect([...(await store.all('configuration'))]).toEqual([]);
    for (const provider of ['one', 'two'])
      await store.put(provider, 'configuration', { value: configuration, revision: 0 });
    await store.put('three', 'reconcile', { value: reconcile, revision: 0 });
    expect([...(await store.all('configuration')).keys()].toSorted()).toEqual(['one', 'two']);
    expect((await store.all('reconcile')).get('three')).toEqual(reconcile);
  });
});

describe.each([
  ['in memory', async () => createMemoryListingStore()],
  ['on DynamoDB', async () => createDynamoListingStore(await table())],
])('what was listed %s', (_name, make) => {
  const bytes = (...values: readonly number[]) => new Uint8Array(values);
  const put = (store: Awaited<ReturnType<typeof make>>, generation: number, page: number, content: Uint8Array) =>
    store.put('metaflow', { generation, page, bytes: content, now });
  const read = async (store: Awaited<ReturnType<typeof make>>, generation: number) =>
    (await store.read('metaflow', generation)).map((page) => [...page]);

  test('is read in the order of its pages, whichever was put first', async () => {
    const store = await make();
    for (const page of [10, 2, 1, 9]) await put(store, 1, page, bytes(page));
    expect(await read(store, 1)).toEqual([[1], [2], [9], [10]]);
  });

  test('holds a page once, as it was put last, and no other listing’s', async () => {
    const store = await make();
    await put(store, 1, 1, bytes(1, 2));
    await put(store, 1, 1, bytes(3));
    await put(store, 11, 1, bytes(4));
    expect(await read(store, 1)).toEqual([[3]]);
    expect(await read(store, 11)).toEqual([[4]]);
    expect(await read(store, 2)).toEqual([]);
    expect(await store.read('metaflo', 1)).toEqual([]);
  });
});

describe.each([
  [
    'in memory',
    async () => {
      const graph = createMemoryGraphStore();
      return { graph, contributions: createMemoryProviderContributions(graph) };
    },
  ],
  [
    'on DynamoDB',
    async () => {
      const options = await table();
      return { graph: createDynamoGraphStore(options), contributions: createDynamoProviderContributions(options) };
    },
  ],
])('what one provider says %s', (_name, make) => {
  test('is all that it says, and nothing that others say of the same things', async () => {
    const { graph, contributions } = await make();
    const subjects = Array.from({ length: 120 }, (_, index) => `aip://dataset/warehouse/t${index}`);
    const statements = subjects.map((subject) => ({ subject, description: { name: 'a table' }, edges: [] }));
    await makeStatements(graph, { provider: 'dbt', statements, now });
    await makeStatements(graph, { provider: 'dbt-cloud', statements: statements.slice(0, 20), now });
    const visited: string[] = [];
    await contributions.visit('dbt', (some) => {
      visited.push(...some.map(({ streamId }) => streamId));
    });
    expect(visited.toSorted()).toEqual(subjects.map((subject) => `${subject} dbt`).toSorted());
    await contributions.visit('db', (some) => expect(some).toEqual([]));
  });
});
