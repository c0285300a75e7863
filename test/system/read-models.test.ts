import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boot, type Running } from '../e2e/boot.ts';
import { seedFleet } from '../support/seed-fleet.ts';

// A fleet of a dozen models with nine days behind them, looked at through the API as the portal does.

type Body = Record<string, unknown>;
type Row = { readonly modelId: string; readonly verdict: string; readonly days: readonly unknown[] };
const start = '2001-02-01T12:02:00.000Z';
const drifted = 'arrival-homes-04';

let running: Running;
beforeAll(async () => {
  running = await boot(start);
  const { cloud } = running;
  const place = { outputs: cloud.outputs, environment: cloud.sdkEnvironment() };
  await seedFleet(place, { models: 12, now: start, history: { days: 9, everyHours: 6, rowsPerHour: 24 } });
  await running.later(6);
}, 150_000);
afterAll(() => running.end());

const get = (path: string) => running.customer.succeed('GET', path);

describe('the fleet', () => {
  it('shows every model with its state, the ill one first', async () => {
    const { items, total, counts, asOf } = await get('/v1/fleet');
    const rows = items as Row[];
    expect(total).toBe(12);
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({
      modelId: drifted,
      verdict: 'at-risk',
      tier: 4,
      days: [{ date: '2001-02-01', state: 'breach' }],
    });
    expect(rows[0]).toMatchObject({
      summary: expect.stringContaining('PSI of'),
      overdue: false,
      openRetrain: { retrainId: `${drifted}-r1` },
    });
    expect(counts).toMatchObject({ verdict: { 'at-risk': 1 }, tier: { 1: 3, 2: 3, 3: 3, 4: 3 } });
    expect(asOf).toBe(running.cloud.now());
  });

  it('is paged so that no row is lost or doubled while a model changes', async () => {
    const first = await get('/v1/fleet?sort=name&limit=5');
    await running.customer.succeed('POST', `/v1/models/${(first.items as Row[])[0]?.modelId}/evaluations`, {});
    const second = await get(`/v1/fleet?sort=name&limit=5&cursor=${first.cursor}`);
    const third = await get(`/v1/fleet?sort=name&limit=5&cursor=${second.cursor}`);
    const seen = [first, second, third].flatMap(({ items }) => (items as Row[]).map(({ modelId }) => modelId));
    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect(seen).toHaveLength(12);
    expect(third).not.toHaveProperty('cursor');
  });

  it.each([
    ['tier=9', 'query:/tier'],
    ['sort=colour', 'query:/sort'],
    ['limit=201', 'query:/limit'],
    ['verdict=fine', 'query:/verdict'],
    ['cursor=nonsense', 'query:/cursor'],
    ['colour=red', 'query:'],
  ])('refuses ?%s and names the parameter', async (query, field) => {
    const { status, body } = await running.customer.call('GET', `/v1/fleet?${query}`);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ field: expect.stringContaining(field) }]);
  });
});

describe('one model', () => {
  it('has a timeline with the threshold', async () => {
    const { points, threshold } = await get(`/v1/models/${drifted}/timeline?points=1000`);
    expect(threshold).toBe(0.6);
    expect(points).toMatchObject([
      { verdict: 'at-risk', evaluations: 1, signals: { dataDrift: { verdict: 'breach' } } },
    ]);
  });

  it('shows then and now of each feature, the one that moved most first', async () => {
    const { features, prediction, reference } = await get(`/v1/models/${drifted}/drift`);
    expect(reference).toMatchObject({ n: 1_200 });
    expect(features).toHaveLength(10);
    expect((features as Body[])[0]).toMatchObject({ verdict: 'breach', bins: expect.any(Array) });
    expect(prediction).toMatchObject({ name: 'prediction', verdict: 'ok' });
  });

  it('has its performance by day, with coverage and an interval', async () => {
    const { metric, betterIs, points } = await get(`/v1/models/${drifted}/performance-series`);
    expect({ metric, betterIs }).toEqual({ metric: 'logLossSkill', betterIs: 'higher' });
    const full = (points as Body[])[2];
    expect(full).toMatchObject({ version: 1, predictions: 96, coverageRatio: 1, matured: true });
    const { low, high } = Object(full).interval as { low: number; high: number };
    expect(low).toBeLessThan(Number(full?.value));
    expect(high).toBeGreaterThan(Number(full?.value));
  });

  it.each([
    ['timeline?from=2001-02-01T00:00:00Z&to=2001-01-01T00:00:00Z', 'empty-window'],
    ['timeline?points=5', 'query:/points'],
    ['drift?days=31', 'query:/days'],
    ['drift?asOf=2002-01-01T00:00:00Z', 'as-of-in-future'],
    ['performance-series?step=week', 'query:/step'],
    ['performance-series?from=1990-01-01T00:00:00Z', 'window-too-long'],
  ])('refuses %s with a problem that says why', async (query, why) => {
    const { status, body } = await running.customer.call('GET', `/v1/models/${drifted}/${query}`);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(why);
  });

  it.each(['timeline', 'drift', 'performance-series'])('that is not registered has no %s', async (view) => {
    const { status, body } = await running.customer.call('GET', `/v1/models/nobody/${view}`);
    expect([status, body.type]).toEqual([404, 'urn:runway:problem:unknown-model']);
  });
});
