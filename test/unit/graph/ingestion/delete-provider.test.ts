import { describe, expect, test } from 'vitest';
import { createMemoryGraphStore } from '../../../../shared/adapters/memory/memory-graph-store.ts';
import {
  createMemoryHydrationStore,
  createMemoryProviderContributions,
  createMemoryProviderStore,
} from '../../../../shared/adapters/memory/memory-provider-stores.ts';
import { providerConfigurationSchema } from '../../../../shared/domain/graph/ingestion/provider-configuration.ts';
import {
  beginReconcile,
  isReconciling,
  pageListed,
  reconciled,
} from '../../../../shared/domain/graph/ingestion/reconcile.ts';
import { contributionId } from '../../../../shared/domain/graph/provider-contribution.ts';
import { toInstant } from '../../../../shared/domain/time.ts';
import { setProvider } from '../../../../shared/use-cases/graph/ingestion/change-provider.ts';
import { deleteProvider, sweepDeletions } from '../../../../shared/use-cases/graph/ingestion/delete-provider.ts';
import { viewDeletions, viewProviders } from '../../../../shared/use-cases/graph/ingestion/view-providers.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';

const minute = (count: number) => toInstant(Date.UTC(2026, 0, 1, 0, count));
const admin = { id: 'ada', kind: 'person', roles: ['admin'], teams: [] } as const;
const orders = 'aip://dataset/warehouse/orders';
const provider = 'warehouse';

/** A provider that was read: it and another one describe the orders. */
async function world() {
  const graph = createMemoryGraphStore();
  const providerStore = createMemoryProviderStore();
  const hydrations = createMemoryHydrationStore();
  const ports = { graph, providerStore, hydrations, contributions: createMemoryProviderContributions(graph) };
  const say = (who: string, at: number) =>
    makeStatements(graph, {
      provider: who,
      statements: [
        {
          subject: orders,
          description: { name: 'Orders' },
          edges: [{ type: 'ownedBy', to: 'aip://team/registry/sales' }],
        },
      ],
      now: minute(at),
    });
  const configure = (enabled: boolean) => {
    const configuration = providerConfigurationSchema.parse({
      kind: 'metaflow',
      baseUrl: 'https://w.example.com',
      enabled,
    });
    return setProvider(providerStore, { provider, configuration, actor: admin, now: minute(0) });
  };
  await configure(false);
  await hydrations.begin(provider, orders);
  await say(provider, 0);
  await say('dbt', 0);
  return {
    ...ports,
    say,
    configure,
    remove: (at: number, retiresClaims = true) =>
      deleteProvider(ports, { provider, retiresClaims, actor: admin, now: minute(at) }),
    sweep: (at: number) => sweepDeletions(ports, minute(at)),
    holds: async (who: string) => {
      const stored = await graph.get(contributionId(who, orders));
      return stored?.contribution.claims.some(({ validTo }) => validTo === undefined);
    },
  };
}

describe('a provider', () => {
  test('that is switched on is not deleted', async () => {
    const { configure, remove, providerStore } = await world();
    await configure(true);
    await expect(remove(1)).rejects.toMatchObject({ name: 'IllegalTransition', code: 'illegal-transition' });
    expect(await viewProviders(providerStore, minute(1))).toHaveLength(1);
  });

  test('that was read is deleted only by who agrees that what it said is retired', async () => {
    const { remove, providerStore } = await world();
    await expect(remove(1, false)).rejects.toMatchObject({ name: 'IllegalTransition', code: 'provider-has-claims' });
    expect(await viewProviders(providerStore, minute(1))).toHaveLength(1);
    expect(await viewDeletions(providerStore)).toEqual([]);
  });

  test('that was never read is deleted without', async () => {
    const { providerStore, remove } = await world();
    const ports = { providerStore, hydrations: createMemoryHydrationStore() };
    await deleteProvider(ports, { provider, retiresClaims: false, actor: admin, now: minute(1) });
    expect(await viewProviders(providerStore, minute(1))).toEqual([]);
    expect(await remove(2)).toMatchObject({ deletedAt: minute(1) });
  });

  test('that nobody ever configured is not found', async () => {
    const ports = { providerStore: createMemoryProviderStore(), hydrations: createMemoryHydrationStore() };
    const deletion = deleteProvider(ports, { provider, retiresClaims: true, actor: admin, now: minute(1) });
    await expect(deletion).rejects.toMatchObject({ name: 'NotFound', code: 'unknown-provider' });
  });
});

describe('what a deleted provider said', () => {
  test('is retired, with who deleted it kept, and what others said of the same stays', async () => {
    const { remove, sweep, holds, providerStore } = await world();
    const deletion = { deletedBy: 'ada', deletedAt: minute(1), status: 'retiring', retired: 0 };
    expect(await remove(1)).toEqual(deletion);
    expect(await remove(2)).toEqual(deletion);
    expect(await sweep(5)).toBe(1);
    expect([await holds(provider), await holds('dbt')]).toEqual([false, true]);
    expect(await sweep(65)).toBe(0);
    expect(await viewDeletions(providerStore)).toEqual([{ ...deletion, provider, status: 'done', retired: 1 }]);
    expect(await viewProviders(providerStore, minute(65))).toEqual([]);
  });

  test('is retired, too, when it was being read while it was deleted', async () => {
    const { remove, sweep, holds, say } = await world();
    await remove(1);
    await sweep(2);
    await say(provider, 3);
    expect(await sweep(62)).toBe(1);
    expect(await holds(provider)).toBe(false);
  });

  test('stays when the provider is configured again before', async () => {
    const { remove, sweep, holds, configure, providerStore } = await world();
    await remove(1);
    await configure(true);
    expect(await sweep(5)).toBe(0);
    expect(await holds(provider)).toBe(true);
    expect(await viewDeletions(providerStore)).toEqual([]);
  });

  test('is read anew when the provider is configured again: nothing is known of its last listing', async () => {
    const { remove, providerStore } = await world();
    const begun = beginReconcile(undefined, { startedBy: 'ada', isForced: false, ticket: 1 }, minute(0));
    const counts = { listed: 1, hydrated: 1, failed: 0, changed: 1 };
    const value = reconciled(pageListed(begun, { counts }, minute(0)), { retired: 0, notCompared: 0 }, minute(0));
    await providerStore.put(provider, 'reconcile', { value, revision: 0 });
    await remove(1);
    const left = (await providerStore.get(provider, 'reconcile'))?.value;
    expect(left && isReconciling(left)).toBe(false);
    const next = beginReconcile(left, { startedBy: 'ada', isForced: false, ticket: 1 }, minute(2));
    expect(next.generation).toBe(2);
    expect(next).not.toHaveProperty('previous');
  });

  test('is retired after whoever deleted it was interrupted at any write, once it is deleted again', async () => {
    for (let stop = 0; stop < 2; stop += 1) {
      const { providerStore, hydrations, remove, sweep, holds } = await world();
      let writes = 0;
      const dying =
        <A extends readonly unknown[]>(write: (...given: A) => Promise<void>) =>
        async (...given: A) => {
          if (writes === stop) throw new Error('stopped');
          writes += 1;
          return write(...given);
        };
      const stopped = { ...providerStore, put: dying(providerStore.put), remove: dying(providerStore.remove) };
      const deletion = { provider, retiresClaims: true, actor: admin, now: minute(1) };
      await expect(deleteProvider({ providerStore: stopped, hydrations }, deletion)).rejects.toThrow('stopped');
      expect(await sweep(2)).toBe(0);
      await remove(3);
      await sweep(4);
      expect(await holds(provider)).toBe(false);
    }
  });
});
