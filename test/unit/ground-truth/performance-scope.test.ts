import { beforeAll, describe, expect, it } from 'vitest';
import { createMemoryBaselineStore } from '../../../shared/adapters/memory/memory-baseline-store.ts';
import { createMemoryBatchResults } from '../../../shared/adapters/memory/memory-batch-results.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { getPerformance, getPerformanceSeries } from '../../../shared/api/ground-truth.ts';
import { encodePerformance } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import { initialCursor } from '../../../shared/domain/ground-truth/cursor.ts';
import type { PerformancePoint } from '../../../shared/domain/ground-truth/hour-aggregates.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { hourOfMillis } from '../../../shared/domain/time.ts';
import { viewPerformance } from '../../../shared/use-cases/ground-truth/view-performance.ts';
import { viewPerformanceSeries } from '../../../shared/use-cases/ground-truth/view-performance-series.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { change } from '../health/serving-model.ts';
import { ada } from '../registry/registry-world.ts';

const modelId = 'watched';
const now = '2001-02-10T12:00:00.000Z';
const start = Date.parse('2001-01-22T00:00:00.000Z');
const definition = modelDefinitionSchema.parse({
  name: modelId,
  domain: 'films',
  team: 'films',
  tier: 2,
  taskType: 'binary',
  features: [{ name: 'country', type: 'categorical' }],
  segments: [{ name: 'home', feature: 'country', values: ['NL'] }],
  attributionWindowMinutes: 1_440,
  outcomeTypes: [
    { name: 'rating', kind: 'binary' },
    { name: 'click', kind: 'binary', provenance: 'proxy', imputedLabel: 0, attributionWindowMinutes: 60 },
    { name: 'hours', kind: 'numeric', provenance: 'proxy' },
  ],
});

const rows = (kind: 'binary' | 'regression', n: number, label: number) =>
  performanceOf(kind, Array(n).fill({ score: 0.25, label }));

/** Ten predictions an hour; a label of eight of them after half a day. */
function pointOf(versions: string, ageHours: number): PerformancePoint {
  const came = ageHours > 12 ? 8 : 0;
  const delays = came === 0 ? {} : { 39: came };
  if (versions === '1~click') {
    const clicked = { performance: rows('binary', 1, 1), delays: { 9: 1 }, imputed: rows('binary', 9, 0) };
    return { index: 0, predictions: 10, ...clicked };
  }
  if (versions === '1~hours') return { index: 0, predictions: 10, performance: rows('regression', came, 2), delays };
  const n = versions === '1@home' ? came / 4 : came;
  return { index: 0, predictions: 10, served: 40, performance: rows('binary', n, 1), delays: { 39: n } };
}

describe('performance of a model with several outcomes', () => {
  const events = createMemoryEventStore();
  const buffer = createMemoryJoinBuffer();
  const batch = createMemoryBatchResults();
  const metrics = createMemoryGroundTruthMetrics(buffer, batch);

  beforeAll(async () => {
    await registerModel(events, { definition, actor: ada, now: '2001-01-21T00:00:00.000Z' });
    await change(events, modelId, '2001-01-22T00:00:00.000Z', [
      { type: 'AddVersion' },
      { type: 'DeployChampion', version: 1, trainingDataEnd: '2001-01-21T00:00:00.000Z' },
    ]);
    const aggregates = [];
    for (let at = start; at < Date.parse(now); at += 3_600_000) {
      const hour = hourOfMillis(at);
      for (const versions of ['1', '1@home', '1~click', '1~hours']) {
        const data = encodePerformance([pointOf(versions, (Date.parse(now) - at) / 3_600_000)]);
        if (hour < '2001-02-09') batch.putHour({ modelId, versions, runId: 'r1', hour, data });
        else aggregates.push({ kind: 'performance' as const, versions, hour, data });
      }
      batch.point(hour < '2001-02-09' ? hour.slice(0, 10) : '2001-01-01', 'r1');
    }
    await buffer.commit({ modelId, bucket: 0 }, { cursor: { ...initialCursor, revision: 1 }, parts: [], aggregates });
  });

  const view = (query: Partial<Parameters<typeof viewPerformance>[1]>) =>
    viewPerformance(
      { events, metrics },
      { modelId, from: '2001-02-07T00:00:00.000Z', to: '2001-02-11T00:00:00.000Z', bucket: '1d', now, ...query },
    );

  it('says on every point how much truth it rests on, and from where', async () => {
    const found = await view({});
    expect(getPerformance.response.parse(found)).toEqual(found);
    expect(found.labelDelays.eventualShare).toBeCloseTo(0.8, 6);
    expect(found).toMatchObject({ outcomeType: 'rating', points: [{}, {}, {}, {}] });
    const [, closed, yesterday, today] = found.points;
    expect(closed).toMatchObject({ n: 192, predictions: 240, served: 960, layer: 'batch', maturity: 1 });
    expect(closed).toMatchObject({ provenance: { exact: 192, proxy: 0, imputed: 0 }, labelSupply: 'sufficient' });
    expect(closed?.coverage.expectedRatio).toBeCloseTo(0.8, 6);
    expect(yesterday).toMatchObject({ layer: 'speed', coverage: { closed: 120 } });
    expect(today).toMatchObject({ n: 0, layer: 'speed', labelSupply: 'immature' });
    expect(today?.maturity).toBeLessThan(0.1);
    expect(today?.coverage.coverageRatio).toBeNull();
  });

  it('of two layers is called mixed, and each layer can be asked alone', async () => {
    expect((await view({ bucket: 'all' })).points).toMatchObject([{ layer: 'mixed', n: 192 * 3 }]);
    expect((await view({ bucket: 'all', layer: 'batch' })).points).toMatchObject([{ layer: 'batch', n: 192 * 2 }]);
  });

  it('of a segment has its own coverage', async () => {
    const found = await view({ segment: 'home' });
    expect(found).toMatchObject({ segment: 'home', selection: null });
    expect(found.points[1]).toMatchObject({ n: 48, coverage: { coverageRatio: 0.2 }, labelSupply: 'short' });
  });

  it('of positives only counts the others as negative once the window is over, and is not judged by coverage', async () => {
    const found = await view({ outcomeType: 'click', bucket: '1h', from: '2001-02-10T09:00:00.000Z' });
    expect(found.points).toMatchObject([
      { n: 10, provenance: { exact: 0, proxy: 1, imputed: 9 }, labelSupply: 'sufficient', metrics: { baseRate: 0.1 } },
      { n: 10, coverage: { coverageRatio: null } },
      { n: 1, provenance: { exact: 0, proxy: 1, imputed: 0 }, metrics: { baseRate: 1 } },
    ]);
  });

  it.each([
    ['proxy', 1, 1],
    ['imputed', 9, 0],
    ['exact', 0, null],
  ] as const)('of %s labels alone rests on those', async (provenance, n, baseRate) => {
    const window = { from: '2001-02-10T09:00:00.000Z', to: '2001-02-10T10:00:00.000Z', bucket: '1h' } as const;
    const { points } = await view({ outcomeType: 'click', provenance, ...window });
    expect(points).toMatchObject([{ n, metrics: { baseRate } }]);
  });

  it('of numeric outcomes has the metrics of those', async () => {
    const [first] = (await view({ outcomeType: 'hours' })).points;
    expect(first?.metrics).toEqual({ rmse: 1.75, mae: 1.75, bias: -1.75 });
    expect(first?.provenance).toEqual({ exact: 0, proxy: 192, imputed: 0 });
  });

  it('can be one metric alone', async () => {
    const [first] = (await view({ metric: 'brier' })).points;
    expect(first?.metrics).toEqual({ brier: 0.5625 });
    const [auc] = (await view({ metric: 'auc' })).points;
    expect(auc).toMatchObject({ metrics: { auc: null }, reasons: { auc: 'all labels in the window are equal' } });
  });

  it.each([
    ['an unknown segment', { segment: 'moon' }, { name: 'NotFound', code: 'unknown-segment' }],
    ['an unknown outcome type', { outcomeType: 'churn' }, { name: 'NotFound', code: 'unknown-outcome-type' }],
    [
      'a segment of another outcome type',
      { segment: 'home', outcomeType: 'click' },
      { name: 'InvalidRequest', problems: [{ field: 'query:/outcomeType', code: 'segment-and-outcome-type' }] },
    ],
    [
      'a metric of other labels',
      { outcomeType: 'hours', metric: 'auc' },
      { name: 'InvalidRequest', problems: [{ field: 'query:/metric', code: 'unknown-metric' }] },
    ],
  ] as const)('of %s is refused', async (_case, query, error) => {
    await expect(view(query)).rejects.toMatchObject(error);
  });

  it('over a year comes from a row a day', async () => {
    const point = { index: 0, predictions: 2_400, performance: rows('binary', 2_000, 1), delays: { 39: 2_000 } };
    batch.putDay({ modelId, versions: '1', runId: 'r0', day: '2000-06-01', data: encodePerformance([point]) });
    batch.point('2000-06-01', 'r0');
    const { points } = await view({ from: '2000-03-01T00:00:00.000Z', bucket: '1d' });
    expect(points[0]).toMatchObject({ from: '2000-06-01T00:00:00.000Z', n: 2_000, layer: 'batch', maturity: 1 });
    expect(points.at(-1)).toMatchObject({ from: '2001-02-10T00:00:00.000Z', layer: 'speed' });
  });

  it('can be followed over time with the same facts', async () => {
    const ports = { events, metrics, baselines: createMemoryBaselineStore([]) };
    const series = await viewPerformanceSeries(ports, { modelId, step: 'day', now, outcomeType: 'hours' });
    expect(getPerformanceSeries.response.parse(series)).toEqual(series);
    expect(series).toMatchObject({ metric: 'rmse', segments: ['home'], outcomeTypes: ['rating', 'click', 'hours'] });
    expect(series.points[0]).toMatchObject({ value: 1.75, maturity: 1, layer: 'batch', provenance: { proxy: 192 } });
    expect(series.points.at(-1)).toMatchObject({
      value: null,
      layer: 'speed',
      labelSupply: 'immature',
      matured: false,
    });
  });
});
