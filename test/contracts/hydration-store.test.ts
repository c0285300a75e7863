import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoHydrationStore } from '../../shared/adapters/dynamodb/dynamo-hydration-store.ts';
import { createMemoryHydrationStore } from '../../shared/adapters/memory/memory-provider-stores.ts';
import type { HydrationStore } from '../../shared/ports/hydration-store.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';

const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
const subject = 'aip://dataset/warehouse/orders';
let engine: Dynoxide;
beforeAll(async () => {
  engine = await startDynoxide();
  // The graph's table has the health table's keys.
  await engine.createTable(healthTable('Graph'));
});
afterAll(() => engine.stop());

describe.each([
  ['in memory', () => createMemoryHydrationStore()],
  ['on DynamoDB', () => createDynamoHydrationStore({ client: engine.client, tableName: 'Graph' })],
])('readings %s', (name, make: () => HydrationStore) => {
  const find = async (store: HydrationStore, provider: string) => (await store.find(provider, [subject])).get(subject);

  test('count up for each provider, and keep the ticket of the last one begun', async () => {
    const [store, provider] = [make(), `counts-${name.length}`];
    expect(await store.latestTicket(provider)).toBe(0);
    expect(await store.begin(provider, 'aip://dataset/warehouse/other')).toBe(1);
    expect(await store.begin(provider, subject)).toBe(2);
    expect(await store.latestTicket(provider)).toBe(2);
    expect(await find(store, provider)).toEqual({ ticket: 2 });
    expect(await find(store, `other-${name.length}`)).toBeUndefined();
  });

  test('are covered by the later of two, whoever ends last, and keep the rest', async () => {
    const [store, provider] = [make(), `covers-${name.length}`];
    await store.begin(provider, subject);
    await store.markAsked(provider, subject, late);
    await store.complete(provider, subject, { coveredUntil: late, isGone: true });
    await store.complete(provider, subject, { coveredUntil: early, isGone: false });
    expect(await find(store, provider)).toEqual({ ticket: 1, coveredUntil: late, isGone: true, askedAt: late });
  });

  test('that are only asked for are none', async () => {
    const [store, provider] = [make(), `asks-${name.length}`];
    await store.markAsked(provider, subject, late);
    await store.markAsked(provider, subject, early);
    expect(await find(store, provider)).toEqual({ ticket: 0, askedAt: late });
  });
});
