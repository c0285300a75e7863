import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  countsOf,
  type FleetSort,
  fleetSorts,
  matchesFilter,
  pageOf,
} from '../../../shared/domain/health/fleet-query.ts';
import type { FleetRow } from '../../../shared/domain/health/fleet-row.ts';
import { evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { listFleet } from '../../../shared/use-cases/health/list-fleet.ts';
import { hoursOf } from './late-flights.ts';
import { change, deployedAt, givenServingModel, registerModel, type World } from './serving-model.ts';

function row(modelId: string, about: Partial<FleetRow> = {}): FleetRow {
  return {
    modelId,
    name: modelId,
    team: 'flights',
    tier: 1,
    domain: 'flights',
    lifecycle: 'active',
    verdict: 'healthy',
    verdictSince: '2001-02-01T00:00:00.000Z',
    summary: 'healthy',
    stalenessScore: 0.2,
    confidence: null,
    lastEvaluatedAt: '2001-02-08T00:00:00.000Z',
    overdue: false,
    ...about,
  };
}

const ids = (page: { readonly items: readonly FleetRow[] }) => page.items.map(({ modelId }) => modelId);

function allPages(rows: readonly FleetRow[], sort: FleetSort, limit: number): string[] {
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = pageOf(rows, { sort, limit, cursor });
    seen.push(...ids(page));
    if (page.cursor === undefined) return seen;
    cursor = page.cursor;
  }
}

const anyRow = fc
  .record({
    modelId: fc.stringMatching(/^[a-z][a-z0-9-]{1,4}$/),
    team: fc.constantFrom('a', 'b', 'constructor'),
    tier: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    verdict: fc.constantFrom('healthy' as const, 'at-risk' as const, 'unknown' as const),
    stalenessScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    lastEvaluatedAt: fc.option(fc.constantFrom('2001-02-08T00:00:00.000Z', '2001-02-07T00:00:00.000Z')),
  })
  .map(({ modelId, ...about }) => row(modelId, about));
const anyFleet = fc.uniqueArray(anyRow, { selector: ({ modelId }) => modelId, maxLength: 30 });

describe('pages of the fleet', () => {
  it('show every row once, in every order and page size', () => {
    fc.assert(
      fc.property(anyFleet, fc.constantFrom(...fleetSorts), fc.integer({ min: 1, max: 9 }), (rows, sort, limit) => {
        const seen = allPages(rows, sort, limit);
        expect(seen).toEqual(ids(pageOf(rows, { sort, limit: 100 })));
        expect(seen.toSorted()).toEqual(ids({ items: rows }).toSorted());
      }),
    );
  });

  it('go on after the last row shown, whatever has changed, come or gone before it', () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id, i) => row(id, { stalenessScore: i / 10 }));
    const { cursor, items } = pageOf(rows, { sort: '-stalenessScore', limit: 2 });
    expect(ids({ items })).toEqual(['e', 'd']);
    const changed = [
      row('new', { stalenessScore: 0.9 }),
      ...rows
        .filter(({ modelId }) => modelId !== 'e')
        .map((each) => (each.modelId === 'd' ? row('d', { stalenessScore: 1 }) : each)),
    ];
    expect(ids(pageOf(changed, { sort: '-stalenessScore', limit: 2, cursor }))).toEqual(['c', 'b']);
  });

  it('begin with what needs attention: at risk, then unknown, by tier, the stalest first, and the unmeasured last', () => {
    const rows = [
      row('fine', { tier: 1, stalenessScore: 0.9 }),
      row('blind', { verdict: 'unknown', stalenessScore: null }),
      row('ill-2', { verdict: 'at-risk', tier: 2, stalenessScore: 0.9 }),
      row('ill-1', { verdict: 'at-risk', tier: 1, stalenessScore: 0.5 }),
      row('ill-1-unmeasured', { verdict: 'at-risk', tier: 1, stalenessScore: null }),
    ];
    expect(ids(pageOf(rows, { sort: 'attention', limit: 9 }))).toEqual([
      'ill-1',
      'ill-1-unmeasured',
      'ill-2',
      'blind',
      'fine',
    ]);
    for (const sort of ['stalenessScore', '-stalenessScore'] as const)
      expect(ids(pageOf(rows, { sort, limit: 9 })).slice(-2)).toEqual(['blind', 'ill-1-unmeasured']);
    expect(ids(pageOf(rows, { sort: '-name', limit: 2 }))).toEqual(['ill-2', 'ill-1-unmeasured']);
  });

  it('refuse the cursor of another order, and what is none', () => {
    const rows = [row('a'), row('b')];
    const { cursor = '' } = pageOf(rows, { sort: 'name', limit: 1 });
    const forged = Buffer.from(JSON.stringify(['name', 1, 'a'])).toString('base64url');
    for (const [sort, wrong] of [
      ['tier', cursor],
      ['name', 'nonsense'],
      ['name', forged],
    ] as const)
      expect(() => pageOf(rows, { sort, limit: 1, cursor: wrong })).toThrow('the cursor does not belong to this order');
  });
});

describe('filters and counts', () => {
  const rows = [
    row('late-basic', { team: 'a' }),
    row('late-live', { tier: 2, verdict: 'at-risk' }),
    row('eta', { lifecycle: 'retired' }),
  ];
  it.each([
    [{ q: 'LATE' }, ['late-basic', 'late-live']],
    [{ team: 'a' }, ['late-basic']],
    [{ tier: 2 }, ['late-live']],
    [{ verdict: 'at-risk' as const }, ['late-live']],
    [{ lifecycle: 'retired' as const }, ['eta']],
    [{ q: 'late', verdict: 'healthy' as const }, ['late-basic']],
    [{}, ['late-basic', 'late-live', 'eta']],
  ])('%j leaves %j', (filter, expected) => {
    expect(ids({ items: rows.filter(matchesFilter(filter)) })).toEqual(expected);
  });

  it('count every verdict, and teams by whatever name', () => {
    const counted = countsOf([...rows, row('x', { team: 'constructor' })]);
    expect(counted.verdict).toEqual({ healthy: 3, 'at-risk': 1, unknown: 0 });
    expect(counted.team).toEqual({ a: 1, flights: 2, constructor: 1 });
  });
});

describe('listFleet', () => {
  let world: World;
  const day8 = '2001-01-30T00:00:00.000Z';
  const query = { sort: 'attention', limit: 10 } as const;
  beforeEach(async () => {
    world = await givenServingModel();
  });

  it('says of a model that was never evaluated what it waits for, and whether it waits too long', async () => {
    await registerModel(world.events, 'undeployed');
    const { items, total, counts } = await listFleet(world, { ...query, now: deployedAt });
    expect(items).toMatchObject([
      { modelId: 'late-test', champion: 1, verdict: 'unknown', verdictSince: deployedAt, overdue: false, days: [] },
      { modelId: 'undeployed', summary: 'unknown: no version is deployed', lastEvaluatedAt: null, overdue: false },
    ]);
    expect({ total, verdict: counts.verdict }).toEqual({ total: 2, verdict: { healthy: 0, 'at-risk': 0, unknown: 2 } });
    expect((await listFleet(world, { ...query, now: day8 })).items[0]?.overdue).toBe(true);
  });

  it('shows the latest verdict with its day, and none of a version that serves no more', async () => {
    world.hours.push(...hoursOf(deployedAt, day8, { lateRatio: 0.2 }));
    const { summary, stalenessScore } = await evaluateOnSchedule(world, 'late-test', day8);
    const [shown] = (await listFleet(world, { ...query, now: day8 })).items;
    expect(shown).toMatchObject({
      verdict: 'at-risk',
      verdictSince: day8,
      summary,
      stalenessScore,
      lastEvaluatedAt: day8,
    });
    expect(shown?.days).toEqual([{ date: '2001-01-30', state: 'breach' }]);
  });

  it('tells a waiting retrain from a running one', async () => {
    await change(world.events, 'late-test', day8, [{ type: 'RequestRetrain', causes: ['manual'] }]);
    const [shown] = (await listFleet(world, { ...query, now: day8 })).items;
    expect(shown?.openRetrain).toEqual({ retrainId: 'late-test-r1', since: day8, status: 'queued' });
  });
});
