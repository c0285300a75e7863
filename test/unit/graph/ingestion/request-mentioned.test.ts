import { expect, it } from 'vitest';
import {
  createMemoryHydrationStore,
  createMemoryProviderStore,
} from '../../../../shared/adapters/memory/memory-provider-stores.ts';
import { providerConfigurationSchema } from '../../../../shared/domain/graph/ingestion/provider-configuration.ts';
import type { HydrationRequest } from '../../../../shared/domain/graph/ingestion/thin-event.ts';
import { createHydrationRequests } from '../../../../shared/use-cases/graph/ingestion/request-mentioned.ts';

const [morning, evening, nextMorning] = [
  '2001-01-22T06:00:00.000Z',
  '2001-01-22T18:00:00.000Z',
  '2001-01-23T06:00:00.000Z',
];
const orders = 'aip://dataset/tables/sales/orders';
const run = 'aip://pipeline-run/metaflow/TrainFlow/7';

async function world() {
  const providerStore = createMemoryProviderStore();
  const http = {
    kind: 'http',
    baseUrl: 'https://warehouse.invalid',
    entities: [{ type: 'dataset', hydrate: { path: '/{id}', statement: '{}' } }],
  };
  const configurations = {
    warehouse: { ...http, platform: 'tables' },
    old: { ...http, enabled: false },
    metaflow: { kind: 'metaflow', baseUrl: 'https://metadata.invalid' },
  };
  for (const [provider, configuration] of Object.entries(configurations)) {
    const value = { ...providerConfigurationSchema.parse(configuration), changedBy: 'ada', changedAt: morning };
    await providerStore.put(provider, 'configuration', { value, revision: 0 });
  }
  const sent: HydrationRequest[] = [];
  const queue = { isDown: false };
  const hydrations = createMemoryHydrationStore();
  const send = async (requests: readonly HydrationRequest[]) => {
    if (queue.isDown) throw new Error('down');
    sent.push(...requests);
  };
  const requests = createHydrationRequests({ providerStore, hydrations, hydrationQueue: { send } });
  return { requests, hydrations, sent, queue };
}

it('asks each provider that is switched on for what it has, as a reference', async () => {
  const { requests, sent } = await world();
  const others = ['aip://dataset/old/x', 'aip://feature/tables/x', 'aip://artifact/metaflow/x', 'aip://person/hr/x'];
  await requests.request([orders, run, orders, ...others], morning);
  expect(sent).toEqual([
    { provider: 'warehouse', type: 'dataset', id: 'sales/orders', depth: 1, attempt: 0 },
    { provider: 'metaflow', type: 'pipeline-run', id: 'TrainFlow/7', depth: 1, attempt: 0 },
  ]);
});

it('asks for the same thing once a day', async () => {
  const { requests, sent } = await world();
  await requests.request([orders], morning);
  await requests.request([orders, run], evening);
  expect(sent.map(({ id }) => id)).toEqual(['sales/orders', 'TrainFlow/7']);
  await requests.request([orders, run], nextMorning);
  expect(sent.map(({ id }) => id)).toEqual(['sales/orders', 'TrainFlow/7', 'sales/orders']);
});

it('asks again at once when the queue took nothing', async () => {
  const { requests, sent, queue } = await world();
  queue.isDown = true;
  await expect(requests.request([orders], morning)).rejects.toThrow('down');
  queue.isDown = false;
  await requests.request([orders], morning);
  expect(sent).toHaveLength(1);
});

it('does not ask for what the provider said that it does not have', async () => {
  const { requests, hydrations, sent } = await world();
  await hydrations.begin('warehouse', orders);
  await hydrations.complete('warehouse', orders, { coveredUntil: morning, isGone: true });
  await requests.request([orders], nextMorning);
  expect(sent).toEqual([]);
});
