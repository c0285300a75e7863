import { describe, expect, test } from 'vitest';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import type { StatedEdge } from '../../../shared/domain/graph/provider-contribution.ts';
import { compareVersionInputs } from '../../../shared/domain/registry/compare-version-inputs.ts';
import { compareDependencies } from '../../../shared/use-cases/graph/compare-dependencies.ts';
import { explainPath } from '../../../shared/use-cases/graph/explain-path.ts';
import { listCycles } from '../../../shared/use-cases/graph/list-cycles.ts';
import { listDeprecationCandidates } from '../../../shared/use-cases/graph/list-deprecation-candidates.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../support/stored-view.ts';

const day = (number: number) => `2001-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const table = (id: string) => `aip://dataset/dbt/${id}`;
const service = (id: string) => `aip://service/registry/${id}`;

function world() {
  const store = createMemoryGraphStore();
  const graph = createStoredView(store);
  /** Everything the subject depends on, from that day on. */
  async function say(subject: string, to: readonly string[], on = 1, type: StatedEdge['type'] = 'derivedFrom') {
    const edges = to.map((uri): StatedEdge => ({ type, to: uri, evidence: `read on day ${on}` }));
    await makeStatements(store, { provider: 'dbt', statements: [{ subject, description: {}, edges }], now: day(on) });
  }
  return { graph, say };
}

describe('the path between two entities', () => {
  test('is the shortest, either way round, with who claims each step', async () => {
    const { graph, say } = world();
    await say(table('c'), [table('b'), table('x')]);
    await say(table('b'), [table('a')]);
    await say(table('x'), [table('y')]);
    await say(table('y'), [table('a')]);
    const down = await explainPath({ graph }, { from: table('a'), to: table('c') });
    expect(down).toMatchObject({ direction: 'downstream' });
    expect(down.steps.map(({ uri }) => uri)).toEqual([table('a'), table('b'), table('c')]);
    expect(down.steps[2]?.claims).toMatchObject([
      { from: table('c'), to: table('b'), claimant: 'dbt', evidence: 'read on day 1' },
    ]);
    expect(await explainPath({ graph }, { from: table('c'), to: table('a') })).toMatchObject({ direction: 'upstream' });
  });

  test('has no steps when neither depends on the other, and did have them while one did', async () => {
    const { graph, say } = world();
    await say(table('b'), [table('a')]);
    await say(table('b'), [], 3);
    const ends = { from: table('a'), to: table('b') };
    expect(await explainPath({ graph }, ends)).toEqual({ ...ends, steps: [] });
    expect((await explainPath({ graph }, { ...ends, asOf: day(2) })).steps).toHaveLength(2);
    await expect(explainPath({ graph }, { ...ends, to: table('never') })).rejects.toMatchObject({
      code: 'unknown-entity',
    });
  });
});

test('cycles are listed a page at a time, and are gone when one edge is', async () => {
  const { graph, say } = world();
  await say(table('b'), [table('a')]);
  await say(table('a'), [table('b')]);
  await say(table('self'), [table('self')]);
  const first = await listCycles({ graph }, { limit: 1 });
  expect(first).toMatchObject({ items: [{ size: 2, members: [table('a'), table('b')] }], total: 2 });
  const second = await listCycles({ graph }, { limit: 1, cursor: first.cursor });
  expect(second).toEqual({ items: [{ size: 1, members: [table('self')] }], total: 2 });
  await say(table('a'), [], 3);
  expect(await listCycles({ graph }, { limit: 9 })).toMatchObject({ total: 1 });
  expect(await listCycles({ graph }, { limit: 9, asOf: day(2) })).toMatchObject({ total: 2 });
  await expect(listCycles({ graph }, { limit: 9, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid-cursor' });
});

describe('a candidate for deprecation', () => {
  const ask = (graph: ReturnType<typeof world>['graph'], days: number, more = {}) =>
    listDeprecationCandidates({ graph }, { days, limit: 100, now: day(31), ...more });

  test('is what nothing depends on, after so many days and not before', async () => {
    const { graph, say } = world();
    await say(table('used'), []);
    await say(table('left'), []);
    await say(service('board'), [table('used'), table('left')], 1, 'consumes');
    await say(service('board'), [table('used')], 11, 'consumes');
    const { items } = await ask(graph, 20);
    expect(items).toMatchObject([
      { uri: table('left'), unusedDays: 20, lastUsedAt: day(11), lastUsedBy: service('board'), isServed: false },
    ]);
    expect(items[0]?.why).toContain(service('board'));
    expect((await ask(graph, 21)).items).toEqual([]);
  });

  test('may never have been used, and is nothing that is only mentioned or a consumer by nature', async () => {
    const { graph, say } = world();
    await say(table('never'), [table('mentioned')], 5);
    await say(service('board'), [], 1, 'consumes');
    const { items, total } = await ask(graph, 26);
    expect(items).toMatchObject([{ uri: table('never'), unusedDays: 26, knownSince: day(5) }]);
    expect(items[0]).not.toHaveProperty('lastUsedAt');
    expect(total).toBe(1);
    expect((await ask(graph, 0, { type: 'service' })).items).toMatchObject([{ uri: service('board') }]);
  });
});

describe('what two entities depend on', () => {
  test('is added, removed or common, by type', async () => {
    const { graph, say } = world();
    await say(table('v1'), [table('a'), table('b')]);
    await say(table('v2'), [table('b'), table('c')]);
    await say(table('c'), ['aip://pipeline/dbt/nightly'], 1, 'producedBy');
    const ports = { graph, events: createMemoryEventStore() };
    const diff = await compareDependencies(ports, { from: table('v1'), to: table('v2') });
    const uris = (side: readonly { readonly uri: string }[]) => side.map(({ uri }) => uri);
    expect([diff.added, diff.removed, diff.common].map(uris)).toEqual([
      [table('c'), 'aip://pipeline/dbt/nightly'],
      [table('a')],
      [table('b')],
    ]);
    expect(diff.byType).toEqual({
      dataset: { added: 1, removed: 1, common: 1 },
      pipeline: { added: 1, removed: 0, common: 0 },
    });
    expect(diff).not.toHaveProperty('inputs');
    expect((await compareDependencies(ports, { from: table('v1'), to: table('v2'), depth: 1 })).added).toHaveLength(1);
  });

  test('of two versions are features and datasets that came, went or changed', () => {
    const feature = (name: string, type: 'numeric' | 'categorical' = 'numeric', required = true) => ({
      name,
      type,
      required,
      importance: 1,
    });
    const first = {
      features: [feature('hour'), feature('origin', 'categorical'), feature('gone')],
      datasetVersions: [{ dataset: 'flights', version: '1' }],
    };
    const second = {
      features: [feature('hour', 'categorical'), feature('origin', 'categorical', false), feature('new')],
      datasetVersions: [
        { dataset: 'flights', version: '2' },
        { dataset: 'weather', version: '1' },
      ],
    };
    expect(compareVersionInputs(first, second)).toEqual({
      features: {
        added: ['new'],
        removed: ['gone'],
        changed: [
          { name: 'hour', from: 'numeric', to: 'categorical' },
          { name: 'origin', from: 'categorical', to: 'categorical, optional' },
        ],
      },
      datasets: { added: ['weather'], removed: [], changed: [{ name: 'flights', from: '1', to: '2' }] },
    });
  });
});
