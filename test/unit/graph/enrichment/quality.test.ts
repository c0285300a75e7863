import { describe, expect, test } from 'vitest';
import { createNameIndex } from '../../../../shared/domain/graph/enrichment/name-index.ts';
import { qualityOf } from '../../../../shared/domain/graph/quality/score.ts';
import { viewTeamQuality } from '../../../../shared/use-cases/graph/view-quality.ts';
import { createEnrichmentWorld, day } from './world.ts';

const orders = 'aip://dataset/dbt/orders';
const raw = 'aip://dataset/dbt/raw';
const flights = 'aip://team/registry/flights';
const grace = 'aip://person/registry/grace';
const full = { location: 's3://x', format: 'parquet', version: '1', columnCount: 3, digest: 'x' };

type World = ReturnType<typeof createEnrichmentWorld>;
async function judge(world: World, uri: string, now = day(2)) {
  const graph = await world.graph();
  return qualityOf({ graph, named: createNameIndex(graph) }, uri, now);
}
const kinds = ({ anomalies }: Awaited<ReturnType<typeof judge>>) => anomalies.map(({ kind }) => kind);

describe('the quality of metadata', () => {
  test('is 1 of what is described, owned, fresh, connected and filled in, and 0 of what is only mentioned', async () => {
    const world = createEnrichmentWorld();
    const edges = [
      ['derivedFrom', raw],
      ['ownedBy', flights],
    ] as const;
    await world.say(orders, { description: 'One row per order', attributes: full, edges });
    expect(await judge(world, orders)).toEqual({
      score: 1,
      parts: { description: 1, owner: 1, freshness: 1, lineage: 1, schema: 1 },
      anomalies: [],
    });
    expect((await judge(world, raw)).score).toBe(0);
    expect(kinds(await judge(world, raw))).toEqual(['orphan', 'unresolved']);
  });

  test('is the mean of its parts by weight, worked by hand', async () => {
    const world = createEnrichmentWorld();
    await world.say(orders, { description: 'One row per order', attributes: { format: 'parquet' } });
    const { score, parts } = await judge(world, orders);
    expect(parts).toEqual({ description: 1, owner: 0, freshness: 1, lineage: 0, schema: 0.2 });
    expect(score).toBeCloseTo(0.2 + 0.15 + 0.15 * 0.2, 12);
  });

  test('leaves out what does not apply to the type', async () => {
    const world = createEnrichmentWorld();
    await world.say(grace, { attributes: { email: 'grace@example.com' } });
    expect(Object.keys((await judge(world, grace)).parts)).toEqual(['description', 'freshness', 'schema']);
  });

  test('falls when nothing new was said for long, to none after a year', async () => {
    const world = createEnrichmentWorld();
    await world.say(orders, {});
    const freshness = async (now: string) => (await judge(world, orders, now)).parts.freshness;
    expect(await freshness('2001-03-31T00:00:00.000Z')).toBe(1);
    expect(await freshness('2001-08-16T12:00:00.000Z')).toBeCloseTo(0.5, 2);
    expect(await freshness('2002-06-01T00:00:00.000Z')).toBe(0);
  });

  test('knows whom nobody answers for, and whose owner has left', async () => {
    const world = createEnrichmentWorld();
    await world.say(grace, { attributes: { left: true } });
    await world.say(orders, { edges: [['ownedBy', grace]] });
    const judged = await judge(world, orders);
    expect(judged.parts.owner).toBe(0);
    expect(kinds(judged)).toEqual(['owner-left', 'orphan']);
  });

  test('knows what two teams own, what is served and used by nobody, and what two platforms know under one name', async () => {
    const world = createEnrichmentWorld();
    const model = 'aip://model/dbt/late';
    const edges = [
      ['ownedBy', flights],
      ['ownedBy', 'aip://team/registry/trains'],
      ['servedBy', 'aip://model-version/dbt/late/1'],
    ] as const;
    await world.say(model, { name: 'Late flights', edges });
    expect(kinds(await judge(world, model))).toEqual(['two-owning-teams', 'unused-but-served']);
    await world.say('aip://model/mlflow/7', { name: 'late_flights' }, day(1), 'mlflow');
    expect(kinds(await judge(world, model))).toContain('same-asset-twice');
    await world.say('aip://model/mlflow/7', { name: 'late_flights', edges: [['aliasOf', model]] }, day(1), 'mlflow');
    expect(kinds(await judge(world, model))).not.toContain('same-asset-twice');
  });

  test('knows what was described long ago though its relations have changed since', async () => {
    const world = createEnrichmentWorld();
    await world.say(orders, { edges: [] }, '2000-01-01T00:00:00.000Z');
    expect(kinds(await judge(world, orders))).not.toContain('stale-hydration');
    await world.say(orders, { edges: [['derivedFrom', raw]] }, day(1));
    expect(kinds(await judge(world, orders))).toContain('stale-hydration');
  });
});

describe('the board of a team', () => {
  test('counts what the team, its people and their things own, the worst first', async () => {
    const world = createEnrichmentWorld();
    const model = 'aip://model/dbt/late';
    await world.say(grace, { edges: [['memberOf', flights]] });
    await world.say(model, { description: 'Late?', edges: [['ownedBy', grace]] });
    await world.say('aip://model-version/dbt/late/1', { edges: [['versionOf', model]] });
    await world.say(orders, {
      description: 'One row per order',
      attributes: full,
      edges: [
        ['ownedBy', flights],
        ['derivedFrom', raw],
      ],
    });
    await world.say(raw, { edges: [['ownedBy', 'aip://team/registry/trains']] });
    const board = await viewTeamQuality(world.graph, 'flights', day(2));
    expect(board).toMatchObject({
      entities: 3,
      byType: { model: { entities: 1 }, dataset: { entities: 1, score: 1 } },
    });
    expect(board.worst.map(({ uri }) => uri).at(-1)).toBe(orders);
    expect(await viewTeamQuality(world.graph, 'nobody', day(2))).toEqual({
      team: 'nobody',
      entities: 0,
      byType: {},
      anomalies: {},
      worst: [],
    });
  });
});
