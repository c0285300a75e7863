import { describe, expect, it } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemorySearchSnapshots } from '../../../shared/adapters/memory/memory-search-snapshots.ts';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { toInstant } from '../../../shared/domain/time.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { maintainSearch } from '../../../shared/use-cases/graph/maintain-search.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createSearchView } from '../../../shared/use-cases/graph/search-view.ts';

const at = (minute: number) => toInstant(Date.parse('2001-01-22T00:00:00.000Z') + minute * 60_000);
const model = (id: string) => `aip://model/dbt/${id}`;

function setUp() {
  const graph = createMemoryGraphStore();
  const files = new Map<string, Uint8Array>();
  const reads = { all: 0, changesAfter: 0 };
  const counted: Pick<GraphStore, 'all' | 'changesAfter'> = {
    all: () => {
      reads.all += 1;
      return graph.all();
    },
    changesAfter: (change) => {
      reads.changesAfter += 1;
      return graph.changesAfter(change);
    },
  };
  const ports = { graph: counted, snapshots: createMemorySearchSnapshots(files), createIndex: createMemorySearchIndex };
  const state = (id: string, name: string, minute = 0) =>
    makeStatements(graph, {
      provider: 'dbt',
      statements: [{ subject: model(id), description: { name }, edges: [] }],
      now: at(minute),
    });
  const names = async (view: ReturnType<typeof createSearchView>, text: string, minute: number) => {
    const index = await view(at(minute));
    return (await index.search({ text, limit: 10 })).hits.map(({ document: { name } }) => name);
  };
  return { graph, files, reads, ports, state, names };
}

describe('readers of search', () => {
  it('read the snapshot once, and then the log once per question', async () => {
    const { ports, reads, state, names } = setUp();
    await state('a', 'late');
    await maintainSearch(ports, at(0));
    Object.assign(reads, { all: 0, changesAfter: 0 });
    const view = createSearchView(ports);
    expect(await names(view, 'late', 1)).toEqual(['late']);
    await state('b', 'later');
    expect(await names(view, 'late', 1)).toEqual(['late', 'later']);
    expect(reads).toEqual({ all: 0, changesAfter: 2 });
  });

  it('begin with the store when there is no snapshot, or one that cannot be read', async () => {
    const { ports, files, reads, state, names } = setUp();
    await state('a', 'late');
    expect(await names(createSearchView(ports), 'late', 1)).toEqual(['late']);
    await maintainSearch(ports, at(2));
    for (const key of files.keys()) files.set(key, Buffer.from('spoiled'));
    reads.all = 0;
    expect(await names(createSearchView(ports), 'late', 3)).toEqual(['late']);
    expect(reads.all).toBe(1);
  });

  it('begin with the store when the log no longer reaches back to what they have', async () => {
    const { ports, graph, state, names } = setUp();
    await state('a', 'late');
    let isCut = false;
    const cut = { ...graph, changesAfter: async (n: number) => (isCut && n < 2 ? undefined : graph.changesAfter(n)) };
    const view = createSearchView({ ...ports, graph: cut });
    expect(await names(view, 'late', 1)).toEqual(['late']);
    await state('b', 'later');
    isCut = true;
    expect(await names(view, 'late', 2)).toEqual(['late', 'later']);
  });

  it('answer the next question after one that failed', async () => {
    const { ports, graph, state, names } = setUp();
    await state('a', 'late');
    let isDown = false;
    const changesAfter = async (n: number) => {
      if (isDown) throw new Error('throttled');
      return graph.changesAfter(n);
    };
    const view = createSearchView({ ...ports, graph: { ...graph, changesAfter } });
    await names(view, 'late', 1);
    isDown = true;
    await expect(view(at(2))).rejects.toThrow('throttled');
    isDown = false;
    expect(await Promise.all([names(view, 'late', 3), names(view, 'late', 3)])).toEqual([['late'], ['late']]);
  });
});

describe('maintenance of search', () => {
  it('writes a snapshot when there is something new, and then none', async () => {
    const { ports, state } = setUp();
    await state('a', 'late');
    expect(await maintainSearch(ports, at(0))).toMatchObject({ snapshot: 'written', change: 1, documents: 1 });
    expect(await maintainSearch(ports, at(30))).toMatchObject({ snapshot: 'kept', differing: [] });
    await state('b', 'later');
    expect(await maintainSearch(ports, at(60))).toMatchObject({ snapshot: 'written', change: 2, differing: [] });
  });

  it('finds what the log never told, says which, and makes every reader begin anew within a minute', async () => {
    const { ports, graph, state, names } = setUp();
    await state('a', 'late');
    await state('b', 'later');
    await maintainSearch(ports, at(0));
    const view = createSearchView(ports);
    expect(await names(view, 'late', 1)).toEqual(['late', 'later']);
    // Written behind the log's back, as by a restored table.
    const kept = await graph.get(`${model('b')} dbt`);
    const [entity] = kept?.contribution.entities ?? [];
    const contribution = { claims: [], entities: entity === undefined ? [] : [{ ...entity, name: 'never late' }] };
    await graph.put({ ...kept!, contribution, expectedRevision: 1, isChanged: false, now: at(2) });
    expect(await names(view, 'late', 3)).toEqual(['late', 'later']);
    expect(await maintainSearch(ports, at(30))).toMatchObject({ differing: [model('b')], snapshot: 'written' });
    expect(await names(view, 'late', 31)).toEqual(['late', 'never late']);
    expect(await maintainSearch(ports, at(60))).toMatchObject({ differing: [], snapshot: 'kept' });
  });

  it('finds an index that is not of its documents', async () => {
    const { ports, state } = setUp();
    await state('a', 'late');
    await maintainSearch(ports, at(0));
    const written = await ports.snapshots.latest();
    const other = createMemorySearchIndex([]).saved();
    await ports.snapshots.write({ ...written!, streams: written!.streams.all(), index: other });
    expect(await maintainSearch(ports, at(30))).toMatchObject({ differing: [model('a')], snapshot: 'written' });
    expect(await maintainSearch(ports, at(60))).toMatchObject({ differing: [] });
  });
});
