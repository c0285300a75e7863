import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemorySearchSnapshots } from '../../../../shared/adapters/memory/memory-search-snapshots.ts';
import { createMemorySnapshotStore } from '../../../../shared/adapters/memory/memory-snapshot-store.ts';
import { createMemorySearchIndex } from '../../../../shared/adapters/search/memory-search-index.ts';
import { holdsAt } from '../../../../shared/domain/graph/contribution.ts';
import type { GraphView } from '../../../../shared/domain/graph/graph-view-types.ts';
import { walkGraph } from '../../../../shared/domain/graph/walk-graph.ts';
import { compactGraph } from '../../../../shared/use-cases/graph/compact-graph.ts';
import { endExpiredOverrides } from '../../../../shared/use-cases/graph/end-expired-overrides.ts';
import { createGraphView } from '../../../../shared/use-cases/graph/graph-view.ts';
import { maintainSearch } from '../../../../shared/use-cases/graph/maintain-search.ts';
import { listOverrides, setOverride, withdrawOverride } from '../../../../shared/use-cases/graph/override-edges.ts';
import { createSearchView } from '../../../../shared/use-cases/graph/search-view.ts';
import { viewEntity } from '../../../../shared/use-cases/graph/view-entity.ts';
import { ada, createEnrichmentWorld, day } from './world.ts';

const [orders, raw, other] = ['aip://dataset/dbt/orders', 'aip://dataset/dbt/raw', 'aip://dataset/dbt/other'];
const edge = { from: orders, type: 'derivedFrom' as const, to: raw };
const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();

async function createWorld() {
  const world = createEnrichmentWorld();
  const snapshots = createMemorySnapshotStore();
  const searching = {
    graph: world.store,
    snapshots: createMemorySearchSnapshots(),
    createIndex: createMemorySearchIndex,
  };
  await world.say(orders, { edges: [['derivedFrom', raw]] });
  for (const uri of [raw, other]) await world.say(uri);
  return { ...world, snapshots, searching, tidy: { graph: world.store, expiries: world.expiries } };
}
type World = Awaited<ReturnType<typeof createWorld>>;

const held = (view: GraphView, asOf?: string) => ({
  claims: [...view.claimsFrom(orders)]
    .filter((claim) => holdsAt(claim, asOf))
    .map(({ type, to, claimant }) => `${type} ${to} ${claimant}`)
    .toSorted(),
  up: walkGraph(view, { root: orders, direction: 'upstream', depth: 9, asOf })
    .reached()
    .map(({ uri }) => uri),
  down: walkGraph(view, { root: raw, direction: 'downstream', depth: 9, asOf })
    .reached()
    .map(({ uri }) => uri),
});

/** A reader that has been there all along, one that begins with a snapshot, and one that begins with the table. */
const readers = (world: World) => [
  createGraphView(world.store),
  createGraphView(world.store, world.snapshots),
  createGraphView(world.store),
];

describe('an override that is to end', () => {
  test('ends for every reader at that moment, not before and not later, though nobody has come by', async () => {
    const world = await createWorld();
    const [reader, fromSnapshot] = readers(world);
    await setOverride(
      world,
      { ...edge, effect: 'suppress', reason: 'being mended', expiresAt: day(5) },
      { actor: ada, now: day(2) },
    );
    await setOverride(
      world,
      { ...edge, to: other, effect: 'add', reason: 'by hand', expiresAt: day(6) },
      { actor: ada, now: day(2) },
    );
    await compactGraph({ graph: world.store, snapshots: world.snapshots }, day(3));
    for (const [now, to] of [
      [justBefore(day(5)), [other]],
      [day(5), [other, raw]],
      [justBefore(day(6)), [other, raw]],
      [day(6), [raw]],
    ] as const)
      for (const view of [reader!, fromSnapshot!, createGraphView(world.store)]) {
        const graph = await view(now);
        expect(held(graph).up, now).toEqual(to);
        expect(held(graph).down).toEqual(to.includes(raw) ? [orders] : []);
        expect(held(graph, day(3)).up).toEqual([other]);
        const { relations } = await viewEntity({ store: world.store, graph: view }, { uri: orders, limit: 9, now });
        expect(relations.map(({ uri }) => uri).toSorted()).toEqual(to);
      }
    const graph = await reader!(day(8));
    expect([held(graph, justBefore(day(5))).up, held(graph, day(5)).up]).toEqual([[other], [other, raw]]);
    expect([held(graph, justBefore(day(6))).up, held(graph, day(6)).up]).toEqual([[other, raw], [raw]]);
  });

  test('is an alias no longer from that moment on', async () => {
    const world = await createWorld();
    const alias = {
      from: other,
      type: 'aliasOf',
      to: raw,
      effect: 'add',
      reason: 'the same',
      expiresAt: day(5),
    } as const;
    const view = createGraphView(world.store);
    await setOverride(world, alias, { actor: ada, now: day(2) });
    const found = async (now: string) => {
      const { entity } = await viewEntity({ store: world.store, graph: view }, { uri: other, limit: 9, now });
      return entity.uri;
    };
    expect([await found(justBefore(day(5))), await found(day(5))]).toEqual([raw, other]);
  });
});

const minute = (number: number) => new Date(Date.parse(day(1)) + 86_400_000 * number).toISOString();
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        to: fc.constantFrom(raw, other),
        effect: fc.constantFrom('add' as const, 'suppress' as const),
        lasts: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      }),
    },
    fc.record({ do: fc.constant('withdraw' as const), to: fc.constantFrom(raw, other) }),
    fc.record({ do: fc.constantFrom('tidy' as const, 'compact' as const, 'maintain' as const, 'wait' as const) }),
  ),
  { minLength: 1, maxLength: 8 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

async function take(world: World, step: Step, now: string): Promise<void> {
  if (step.do === 'set') {
    const { to, effect, lasts } = step;
    const expiresAt = lasts === undefined ? undefined : new Date(Date.parse(now) + lasts * 86_400_000).toISOString();
    await setOverride(world, { ...edge, to, effect, reason: now, expiresAt }, { actor: ada, now });
  } else if (step.do === 'withdraw') {
    await withdrawOverride(world.store, { ...edge, to: step.to }, now).catch(() => undefined);
  } else if (step.do === 'tidy') await endExpiredOverrides(world.tidy, now);
  else if (step.do === 'compact') await compactGraph({ graph: world.store, snapshots: world.snapshots }, now);
  else if (step.do === 'maintain') expect((await maintainSearch(world.searching, now)).differing).toEqual([]);
}

test('whoever reads sees the same, at present and as of every moment, whether somebody has tidied up or not', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const [tidied, left] = [await createWorld(), await createWorld()];
      const kept = createGraphView(left.store);
      const search = createSearchView(left.searching);
      for (const [index, step] of history.entries()) {
        const now = minute(index + 1);
        await endExpiredOverrides(tidied.tidy, now);
        await take(tidied, step, now);
        await take(left, step, now);
        const truth = await createGraphView(tidied.store)(now);
        for (const view of [kept, createGraphView(left.store, left.snapshots)]) {
          const graph = await view(now);
          for (const asOf of [undefined, ...Array.from({ length: index + 2 }, (_, number) => minute(number))])
            expect(held(graph, asOf)).toEqual(held(truth, asOf));
        }
        expect(await listOverrides({ ...left, graph: kept }, orders, now)).toEqual(
          await listOverrides({ ...tidied, graph: async () => truth }, orders, now),
        );
        const [seen, expected] = [await search(now), await createSearchView(tidied.searching)(now)];
        expect(await seen.digests()).toEqual(await expected.digests());
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});
