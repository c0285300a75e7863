import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemorySearchSnapshots } from '../../../shared/adapters/memory/memory-search-snapshots.ts';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import type { Contribution } from '../../../shared/domain/graph/contribution.ts';
import { type EdgeType, edgeTypeNames } from '../../../shared/domain/graph/edge-types.ts';
import { formatEntityRef } from '../../../shared/domain/graph/entity-ref.ts';
import type { Statement } from '../../../shared/domain/graph/provider-contribution.ts';
import { toInstant } from '../../../shared/domain/time.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import type { SearchIndex } from '../../../shared/ports/search-index.ts';
import { maintainSearch } from '../../../shared/use-cases/graph/maintain-search.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { buildSearch } from '../../../shared/use-cases/graph/search-state.ts';
import { createSearchView } from '../../../shared/use-cases/graph/search-view.ts';
import { graphHistories } from './graph-histories.ts';

const at = (minute: number) => toInstant(Date.parse('2001-01-22T00:00:00.000Z') + minute * 60_000);

const subjects = (
  [
    ['model', 'late-live'],
    ['model', 'late-basic'],
    ['feature', 'departure_delay'],
    ['dataset', 'flights.raw'],
    ['team', 'flights'],
    ['person', 'ada'],
  ] as const
).map(([type, id]) => formatEntityRef({ type, platform: 'test', id }));
const providers = ['dbt', 'metaflow', 'override'];

const statement: fc.Arbitrary<Statement> = fc.record(
  {
    subject: fc.constantFrom(...subjects),
    description: fc.record(
      {
        name: fc.constantFrom('late', 'departure delay', 'userEmbedding_v3', 'ψ delay'),
        description: fc.constantFrom('', 'how late a flight is'),
        tags: fc.uniqueArray(fc.constantFrom('tier::1', 'pii::true'), { maxLength: 2 }),
        attributes: fc.constant({}),
      },
      { requiredKeys: [] },
    ),
    edges: fc.uniqueArray(
      fc.record({ type: fc.constantFrom<EdgeType>('consumes', 'ownedBy'), to: fc.constantFrom(...subjects) }),
      { maxLength: 3, selector: ({ type, to }) => `${type} ${to}` },
    ),
  },
  { requiredKeys: ['subject', 'edges'] },
);

type Step =
  | { readonly do: 'state'; readonly provider: string; readonly statement: Statement }
  | { readonly do: 'retire'; readonly provider: string; readonly subject: string }
  | { readonly do: 'maintain' | 'ask' | 'restart' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('state' as const), provider: fc.constantFrom(...providers), statement }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('retire' as const),
        provider: fc.constantFrom(...providers),
        subject: fc.constantFrom(...subjects),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('maintain' as const, 'ask' as const, 'restart' as const) }),
    },
  ),
  { minLength: 1, maxLength: 14 },
);

const questions = [
  { text: '' },
  { text: 'late' },
  { text: 'depature delay' },
  { text: 'userembedding' },
  { text: 'ada', tombstones: 'included' },
  { text: '', owners: [subjects[4] ?? ''] },
  { text: '', tags: ['tier::1'] },
] as const;

async function answers(index: SearchIndex) {
  const digests = [...(await index.digests())].sort();
  return { digests, pages: await Promise.all(questions.map((question) => index.search({ ...question, limit: 4 }))) };
}

function setUp() {
  const graph = createMemoryGraphStore();
  const snapshots = createMemorySearchSnapshots();
  const ports = { graph, snapshots, createIndex: createMemorySearchIndex };
  return { graph, ports };
}

const fromScratch = async ({ ports }: ReturnType<typeof setUp>) => (await buildSearch(ports)).index;

describe('what search shows', () => {
  it('is what an index of the whole store shows, after any history of providers, from any snapshot on', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const world = setUp();
        let view = createSearchView(world.ports);
        for (const [minute, step] of history.entries()) {
          const now = at(minute);
          if (step.do === 'state')
            await makeStatements(world.graph, { provider: step.provider, statements: [step.statement], now });
          else if (step.do === 'retire')
            await makeStatements(world.graph, { provider: step.provider, retired: [step.subject], now });
          else if (step.do === 'maintain') expect((await maintainSearch(world.ports, now)).differing).toEqual([]);
          else if (step.do === 'restart') view = createSearchView(world.ports);
          else await view(now);
        }
        const scratch = await answers(await fromScratch(world));
        expect(await answers(await view(at(99)))).toEqual(scratch);
        expect(await answers(await createSearchView(world.ports)(at(99)))).toEqual(scratch);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('is that too for contributions of every shape: several entities, edges of others, ended and suppressed ones', async () => {
    await fc.assert(
      fc.asyncProperty(graphHistories(edgeTypeNames), async (history) => {
        const world = setUp();
        const view = createSearchView(world.ports);
        for (const [minute, happening] of history.entries()) {
          if (happening === 'compact') await maintainSearch(world.ports, at(minute));
          else await put(world.graph, ...happening);
          if (minute % 2 === 0) await view(at(minute));
        }
        const scratch = await answers(await fromScratch(world));
        expect(await answers(await view(at(99)))).toEqual(scratch);
        expect(await answers(await createSearchView(world.ports)(at(99)))).toEqual(scratch);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

async function put(graph: GraphStore, streamId: string, contribution: Contribution): Promise<void> {
  const expectedRevision = (await graph.get(streamId))?.revision ?? 0;
  await graph.putMany([{ streamId, contribution, expectedRevision }], at(0));
}
