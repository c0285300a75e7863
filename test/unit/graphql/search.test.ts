import { beforeAll, describe, expect, test } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { asker, codeOf } from './ask.ts';
import { hydratedAt } from './worked-example.ts';

const team = (name: string) => `aip://team/directory/${name}`;
const model = (name: string) => `aip://model/dbt/${name}`;
const names = ['late-basic', 'late-live', 'late-mended', 'early-live'];

let store: ReturnType<typeof createMemoryGraphStore>;
beforeAll(async () => {
  store = createMemoryGraphStore();
  const statements = names.map((name) => ({
    subject: model(name),
    description: { name, description: `Says how ${name.split('-')[0]} a flight arrives`, tags: ['tier::1'] },
    edges: [{ type: 'ownedBy' as const, to: team(name === 'late-mended' ? 'crew' : 'flights') }],
  }));
  const dataset = { subject: 'aip://dataset/dbt/late', description: { name: 'late' }, edges: [] };
  await makeStatements(store, { provider: 'dbt', statements: [...statements, dataset], now: hydratedAt });
});

type Found = {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly name: string } }[];
  readonly facets: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
};

const selection =
  'totalCount pageInfo { hasNextPage endCursor } edges { cursor score highlights { field text ranges } node { name ... on Model { type } } } facets { type { value count } tag { value count } owner { value label count } platform { value count } }';

async function found(args: string, options: Parameters<typeof asker>[1] = {}): Promise<Found> {
  const { status, body } = await asker(store, options)(`{ search(${args}) { ${selection} } }`);
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  return (body.data as { readonly search: Found }).search;
}
const namesOf = ({ edges }: Found) => edges.map(({ node }) => node.name);

describe('search', () => {
  test('finds entities of every type, exact names first, and counts them', async () => {
    const all = await found('q: "late", type: [model, dataset]');
    expect(namesOf(all)).toEqual(['late', 'late-live', 'late-basic', 'late-mended']);
    expect(all.totalCount).toBe(4);
    expect(all.facets.type).toEqual([
      { value: 'model', count: 3 },
      { value: 'dataset', count: 1 },
    ]);
    expect(all.edges[1]).toMatchObject({
      score: 0.85,
      highlights: [
        { field: 'name', text: 'late-live', ranges: [[0, 4]] },
        { field: 'description', text: 'Says how late a flight arrives', ranges: [[9, 13]] },
      ],
      node: { name: 'late-live', type: 'model' },
    });
  });

  test('filters by type, tag and owner', async () => {
    expect(namesOf(await found('q: "lat", type: [dataset]'))).toEqual(['late']);
    expect(namesOf(await found(`q: "", tag: ["tier::1"], owner: ["${team('crew')}"]`))).toEqual(['late-mended']);
    expect(namesOf(await found('q: "mended", owner: ["flights"]'))).toEqual([]);
  });

  test('gives everything once over its pages, from the cursor of any edge on', async () => {
    const all = namesOf(await found('q: "lat", type: [model, dataset]'));
    const first = await found('q: "lat", type: [model, dataset], first: 2');
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await found(`q: "lat", type: [model, dataset], first: 2, after: "${first.pageInfo.endCursor}"`);
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(all);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect(namesOf(await found(`q: "lat", type: [model, dataset], after: "${first.edges[0]?.cursor}"`))).toEqual(
      all.slice(1),
    );
  });

  test('leaves out of pages, counts and facets what the caller may not see', async () => {
    const visible = await found('q: "late"', { mayRead: (owner) => owner === 'flights' });
    expect(namesOf(visible)).toEqual(['late-live', 'late-basic']);
    expect(visible.totalCount).toBe(2);
    expect(visible.facets.owner).toEqual([{ value: team('flights'), label: 'flights', count: 2 }]);
  });

  test('reads the index only when it is asked for', async () => {
    let reads = 0;
    const changesAfter: GraphStore['changesAfter'] = (change) => {
      reads += 1;
      return store.changesAfter(change);
    };
    const ask = asker({ ...store, changesAfter });
    const readsOf = async (query: string) => {
      const before = reads;
      await ask(query);
      return reads - before;
    };
    await readsOf(`{ model(id: "${model('late-live')}") { name } }`);
    const without = await readsOf(`{ model(id: "${model('late-live')}") { name } }`);
    expect(await readsOf(`{ model(id: "${model('late-live')}") { name } }`)).toBe(without);
    expect(await readsOf('{ search(q: "late") { totalCount } }')).toBe(without + 1);
  });

  test.each([
    ['page-too-large', 'q: "late", first: 101'],
    ['invalid-cursor', 'q: "late", after: "bm90IG91cnM"'],
    ['search-too-long', `q: "${'late '.repeat(61)}"`],
  ])('%s is told at the field', async (code, args) => {
    const { body } = await asker(store)(`{ search(${args}) { totalCount } }`);
    expect(body.errors?.map(({ extensions, path }) => [extensions.code, path])).toEqual([[code, ['search']]]);
  });

  test('many at once are more than one query may ask for', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `a${i}: search(q: "late") { totalCount }`).join(' ');
    expect(codeOf(await asker(store)(`{ ${many} }`))).toEqual([400, 'query-too-complex']);
  });
});
