import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createMemoryGraphStore } from '../../shared/adapters/memory/memory-graph-store.ts';
import {
  createMemoryHydrationStore,
  createMemoryListingStore,
  createMemoryProviderContributions,
  createMemoryProviderStore,
} from '../../shared/adapters/memory/memory-provider-stores.ts';
import { createMetaflowProvider } from '../../shared/adapters/providers/metaflow/metaflow-provider.ts';
import { createPace } from '../../shared/adapters/providers/pace.ts';
import { createProviderHttp, type ProviderHttp } from '../../shared/adapters/providers/provider-http.ts';
import { toInstant } from '../../shared/domain/time.ts';
import { startReconcile, stepReconcile } from '../../shared/use-cases/graph/ingestion/reconcile-provider.ts';

// `npm run bench:metaflow [flows] [runs] [calls per second]`. Prints, asserts nothing.
const [flows = 3_000, runs = 100_000, callsPerSecond = 1_000_000] = process.argv.slice(2).map(Number);
const provider = 'metaflow';
const start = Date.parse('2020-01-01T00:00:00.000Z');

const server = fork(fileURLToPath(new URL('metaflow-server.ts', import.meta.url)), [String(flows), String(runs)]);
const [port] = await once(server, 'message');
const baseUrl = `http://127.0.0.1:${port}`;

let calls = 0;
const reach = { resolver: async () => [], privateOrigins: new Set([baseUrl]) };
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const pace = createPace({ callsPerSecond, clock: () => performance.now(), sleep, random: () => 0 });
const direct = createProviderHttp({ provider, baseUrl, timeoutMilliseconds: 60_000, pace, reach });
const get: ProviderHttp = (path, request) => {
  calls += 1;
  return direct(path, request);
};

const source = createMetaflowProvider({ platform: provider, get, callsPerSecond });
const graph = createMemoryGraphStore();
const ports = {
  graph,
  providers: { find: async () => source, ofPlatform: async (of: string) => (of === provider ? provider : undefined) },
  hydrations: createMemoryHydrationStore(),
  providerStore: createMemoryProviderStore(),
  listings: createMemoryListingStore(),
  contributions: createMemoryProviderContributions(graph),
  hydrationQueue: { send: async () => {} },
  reconcileQueue: { send: async () => {} },
};

/** Peak memory is of the process so far, the graph in memory included. */
async function reconcile(name: string, day: number): Promise<void> {
  const now = toInstant(start + day * 86_400_000);
  const [from, before, callsBefore] = [performance.now(), process.cpuUsage(), calls];
  const { generation } = await startReconcile(ports, provider, { startedBy: 'bench', isForced: false, now });
  const ended = await stepReconcile(ports, { provider, generation }, { now, hasTime: () => true });
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const made = calls - callsBefore;
  const { listed = 0, hydrated = 0, changed = 0 } = ended?.counts ?? {};
  console.log(
    `${name}: ${ended?.status}, ${listed} listed, ${hydrated} read, ${changed} changed, ${ended?.pages} pages`,
  );
  console.log(
    `  ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor time), ${made} calls, ${(made / seconds).toFixed(0)} a second`,
  );
  const { maxRSS } = process.resourceUsage();
  console.log(
    `  ${((seconds * 1_000) / listed).toFixed(2)} ms a thing listed; peak memory ${(maxRSS / 1_024).toFixed(0)} MB`,
  );
}

console.log(`${flows} flows, ${runs} runs, the graph in memory; load average ${loadavg()[0]?.toFixed(0)}`);
await reconcile('first', 0);
await reconcile('second, nothing changed', 1);
await fetch(`${baseUrl}/tag`, { method: 'POST' });
await reconcile('third, one run in a hundred tagged', 2);
server.disconnect();
