import { describe, expect, test } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import type { Statement } from '../../../shared/domain/graph/provider-contribution.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { viewEntity } from '../../../shared/use-cases/graph/view-entity.ts';
import { viewEntityDependencies } from '../../../shared/use-cases/graph/view-entity-dependencies.ts';
import { createStoredView } from '../../support/stored-view.ts';

const at = (day: number) => `2001-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const [orders, raw, mart] = ['orders', 'raw', 'mart'].map((id) => `aip://dataset/dbt/${id}`) as [
  string,
  string,
  string,
];
const alias = 'aip://dataset/snowflake/ORDERS';
const team = 'aip://team/registry/sales';
const model = 'aip://model/mlflow/churn';

async function world(more: readonly Statement[] = []) {
  const store = createMemoryGraphStore();
  const say = (provider: string, statements: readonly Statement[], day = 1) =>
    makeStatements(store, { provider, statements, now: at(day) });
  await say('dbt', [
    {
      subject: orders,
      description: { name: 'Orders', attributes: { format: 'table' } },
      edges: [{ type: 'derivedFrom', to: raw, evidence: 'ref()', confidence: 0.9 }],
    },
    { subject: mart, edges: [{ type: 'derivedFrom', to: orders }] },
  ]);
  await say('snowflake', [{ subject: alias, edges: [{ type: 'aliasOf', to: orders }] }]);
  await say('mlflow', [
    {
      subject: model,
      description: { attributes: { tier: 2 } },
      edges: [
        { type: 'consumes', to: mart },
        { type: 'ownedBy', to: team },
      ],
    },
  ]);
  await say('catalogue', [{ subject: orders, description: { tags: ['layer::mart'] }, edges: [] }, ...more]);
  const graph = createStoredView(store);
  const view = (uri: string, request = {}) => viewEntity({ store, graph }, { uri, limit: 100, now: at(9), ...request });
  const impact = (uri: string, request = {}) =>
    viewEntityDependencies({ graph }, { uri, direction: 'downstream', limit: 100, ...request });
  return { say, view, impact };
}

describe('an entity', () => {
  test('is shown with what everybody says of it, and who claims each relation', async () => {
    const { view } = await world();
    const shown = await view(orders);
    expect(shown.entity).toMatchObject({ name: 'Orders', state: 'hydrated', tags: ['layer::mart'] });
    expect(shown.entity.sources.map(({ provider }) => provider)).toEqual(['catalogue', 'dbt']);
    expect(shown.relations).toMatchObject([
      { direction: 'out', type: 'derivedFrom', uri: raw, claimant: 'dbt', evidence: 'ref()', confidence: 0.9 },
      { direction: 'in', type: 'aliasOf', uri: alias, claimant: 'snowflake' },
      { direction: 'in', type: 'derivedFrom', uri: mart, entityType: 'dataset', name: 'mart', validFrom: at(1) },
    ]);
    expect(shown).toMatchObject({ aliases: [alias], total: 3, asOf: at(9) });
  });

  test('that is only mentioned answers as a placeholder, and one that nobody mentions does not', async () => {
    const { view } = await world();
    expect((await view(raw)).entity).toMatchObject({ state: 'placeholder', name: 'raw', attributes: {}, sources: [] });
    await expect(view('aip://dataset/dbt/never')).rejects.toMatchObject({ name: 'NotFound', code: 'unknown-entity' });
  });

  test('answers under another name, and says so', async () => {
    const { view, impact } = await world();
    expect(await view(alias)).toMatchObject({ entity: { uri: orders }, requested: alias });
    expect(await impact(alias)).toMatchObject({ root: orders, requested: alias, total: 2 });
  });

  test('is shown with relations that ended when they are asked for, each with its end', async () => {
    const { say, view } = await world();
    await say('dbt', [{ subject: mart, edges: [] }], 5);
    const relationTo = async (request: object) =>
      (await view(orders, request)).relations.filter(({ uri }) => uri === mart).map(({ validTo }) => validTo);
    expect(await relationTo({})).toEqual([]);
    expect(await relationTo({ include: 'ended' })).toEqual([at(5)]);
    expect(await relationTo({ include: 'ended', asOf: at(1) })).toEqual([at(5)]);
    expect(await relationTo({ asOf: at(1) })).toEqual([at(5)]);
  });

  test('is shown with every dependency among what is on the page, not only the shortest ways', async () => {
    const { impact } = await world([{ subject: model, edges: [{ type: 'consumes', to: orders }] }]);
    expect((await impact(orders)).edges).toBeUndefined();
    const { items, edges } = await impact(orders, { include: 'edges' });
    expect(items.map(({ uri }) => uri)).toEqual([mart, model]);
    expect(new Set(edges)).toEqual(
      new Set([
        { from: mart, type: 'derivedFrom', to: orders },
        { from: model, type: 'consumes', to: orders },
        { from: model, type: 'consumes', to: mart },
      ]),
    );
    expect((await impact(orders, { include: 'edges', limit: 1 })).edges).toHaveLength(1);
  });

  test('has two names that are each other’s without an answer hanging', async () => {
    const { view } = await world([{ subject: orders, edges: [{ type: 'aliasOf', to: alias }] }]);
    expect((await view(orders)).entity.uri).toBe((await view(alias)).entity.uri);
  });

  test('shows relations a page at a time, each once', async () => {
    const { view } = await world();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await view(orders, { limit: 1, cursor });
      seen.push(...page.relations.map(({ uri }) => uri));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([raw, alias, mart]);
    await expect(view(orders, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid-cursor' });
  });

  test('shows the relations of a past moment', async () => {
    const { say, view } = await world();
    await say('dbt', [{ subject: mart, edges: [] }], 3);
    const ins = async (request: object) => (await view(orders, request)).relations.map(({ uri }) => uri);
    expect(await ins({})).toEqual([raw, alias]);
    expect(await ins({ asOf: at(2) })).toEqual([raw, alias, mart]);
  });
});

test('impact counts what is affected by type, team and tier', async () => {
  const { impact } = await world();
  expect(await impact(raw)).toMatchObject({
    total: 3,
    byType: { dataset: 2, model: 1 },
    byTeam: { none: 2, [team]: 1 },
    byTier: { 2: 1 },
    byDepth: { 1: 1, 2: 1, 3: 1 },
  });
  expect(await impact(raw, { types: 'model' })).toMatchObject({
    total: 1,
    byType: { model: 1 },
    byTeam: { [team]: 1 },
  });
});
