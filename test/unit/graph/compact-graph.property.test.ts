import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemorySnapshotStore } from '../../../shared/adapters/memory/memory-snapshot-store.ts';
import { edgeId } from '../../../shared/domain/graph/contribution.ts';
import type { GraphView } from '../../../shared/domain/graph/graph-view-types.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import type { SnapshotStore } from '../../../shared/ports/snapshot-store.ts';
import { compactGraph } from '../../../shared/use-cases/graph/compact-graph.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { modelNamed } from './arcs.ts';

const day = (number: number) => `2001-02-${String(number).padStart(2, '0')}T00:00:00.000Z`;

const said = fc.record({
  kind: fc.constant('say' as const),
  provider: fc.constantFrom('dbt', 'metaflow'),
  subject: fc.nat(5),
  to: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
});
const retired = fc.record({ kind: fc.constant('retire' as const), subject: fc.nat(5) });
/** `dies` counts the calls to the snapshots that succeed before the process ends. */
const compacted = fc.record({ kind: fc.constant('compact' as const), dies: fc.option(fc.nat(5), { nil: undefined }) });
const damaged = fc.record({ kind: fc.constantFrom('damage' as const, 'lose' as const, 'ask' as const) });
const happenings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: said },
    { weight: 1, arbitrary: retired },
    { weight: 3, arbitrary: compacted },
    damaged,
  ),
  { minLength: 1, maxLength: 14 },
);

function dying(store: SnapshotStore, calls: number): SnapshotStore {
  let left = calls;
  return new Proxy(store, {
    get: (target, name: keyof SnapshotStore) =>
      (async (...args: readonly never[]) => {
        if (left === 0) throw new Error('the process ended');
        left -= 1;
        return (target[name] as (...all: readonly never[]) => unknown)(...args);
      }) as never,
  });
}

/** The log as if nothing before `first` were kept any more. */
function forgetting(store: GraphStore, first: () => number): GraphStore {
  return { ...store, changesAfter: async (after) => (after + 1 < first() ? undefined : store.changesAfter(after)) };
}

const saidBy = (view: GraphView) =>
  new Map(
    [...view.contributions()].map(([streamId, { entities, claims }]) => [
      streamId,
      { entities, claims: claims.toSorted((a, b) => (edgeId(a) + a.validFrom < edgeId(b) + b.validFrom ? -1 : 1)) },
    ]),
  );

describe('a view from snapshots and the log', () => {
  it('is what the table says, whatever is compacted, damaged, lost or interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (history) => {
        const snapshots = createMemorySnapshotStore();
        const table = createMemoryGraphStore();
        let firstKept = 1;
        const graph = forgetting(table, () => firstKept);
        const kept = createStoredView(graph, snapshots);
        for (const [index, happening] of history.entries()) {
          const now = day(index + 1);
          if (happening.kind === 'say') {
            const edges = happening.to.map((to) => ({ type: 'consumes' as const, to: modelNamed(to) }));
            const subject = modelNamed(happening.subject);
            const statement = { subject, description: { attributes: { tier: index } }, edges };
            await makeStatements(table, { provider: happening.provider, statements: [statement], now });
          } else if (happening.kind === 'retire')
            await makeStatements(table, { provider: 'dbt', retired: [modelNamed(happening.subject)], now });
          else if (happening.kind === 'compact') {
            const store = happening.dies === undefined ? snapshots : dying(snapshots, happening.dies);
            await compactGraph({ graph, snapshots: store }, now).catch(() => undefined);
          } else if (happening.kind === 'damage') {
            const manifest = await snapshots.manifest();
            const bytes = manifest && (await snapshots.read(manifest.key));
            bytes?.fill(0, bytes.length >> 1);
          } else if (happening.kind === 'lose') firstKept = (await table.all()).change + 1;
          const expected = saidBy(await createStoredView(table)());
          if (happening.kind === 'ask') expect(saidBy(await kept())).toEqual(expected);
          expect(saidBy(await createStoredView(graph, snapshots)())).toEqual(expected);
        }
        expect(saidBy(await kept())).toEqual(saidBy(await createStoredView(table)()));
      }),
      { numRuns: 150 },
    );
  });
});

describe('compaction', () => {
  const statement = (number: number) => ({
    subject: modelNamed(number),
    edges: [{ type: 'consumes' as const, to: modelNamed(number + 1) }],
  });

  it('writes when it is worth it, keeps two, and says how far behind the snapshot was', async () => {
    const [graph, snapshots] = [createMemoryGraphStore(), createMemorySnapshotStore()];
    expect(await compactGraph({ graph, snapshots }, day(1))).toEqual({ lag: 0 });
    const keys: string[] = [];
    for (let number = 1; number <= 4; number += 1) {
      await makeStatements(graph, { provider: 'dbt', statements: [statement(number)], now: day(number) });
      const { lag, written } = await compactGraph({ graph, snapshots }, day(number));
      expect([lag, written?.change]).toEqual([1, number]);
      keys.push((await snapshots.manifest())!.key);
      expect(await compactGraph({ graph, snapshots }, day(number))).toEqual({ lag: 0 });
    }
    const left = await Promise.all(keys.map(async (key) => (await snapshots.read(key)) !== undefined));
    expect(left).toEqual([false, false, true, true]);
    await makeStatements(graph, { provider: 'dbt', statements: [statement(9)], now: day(4) });
    expect(await compactGraph({ graph, snapshots }, day(4))).toEqual({ lag: 1 });
  });

  it('may run twice at once', async () => {
    const [graph, snapshots] = [createMemoryGraphStore(), createMemorySnapshotStore()];
    await makeStatements(graph, { provider: 'dbt', statements: [statement(1)], now: day(1) });
    await Promise.all([1, 2].map(() => compactGraph({ graph, snapshots }, day(1))));
    const view = await createStoredView(graph, snapshots)();
    expect([...view.contributions()]).toHaveLength(1);
  });

  it('never takes the manifest back to an older snapshot', async () => {
    const [graph, snapshots] = [createMemoryGraphStore(), createMemorySnapshotStore()];
    await makeStatements(graph, { provider: 'dbt', statements: [statement(1)], now: day(1) });
    const slow: SnapshotStore = {
      ...snapshots,
      write: async (change, bytes) => {
        const key = await snapshots.write(change, bytes);
        await makeStatements(graph, { provider: 'dbt', statements: [statement(2)], now: day(2) });
        await compactGraph({ graph, snapshots }, day(2));
        return key;
      },
    };
    await compactGraph({ graph, snapshots: slow }, day(1));
    expect((await snapshots.manifest())!.change).toBe(2);
  });
});
