import { describe, expect, it } from 'vitest';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { getPairedPerformance, getPerformance } from '../../../shared/api/ground-truth.ts';
import type { PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { viewPairedPerformance } from '../../../shared/use-cases/ground-truth/view-paired-performance.ts';
import { type PerformanceQuery, viewPerformance } from '../../../shared/use-cases/ground-truth/view-performance.ts';
import { changeModel } from '../../../shared/use-cases/registry/change-model.ts';
import { deploy } from '../registry/model-story.ts';
import { ada, addVersion, createWorld, now } from '../registry/registry-world.ts';
import { at, joinEvent, observed, predicted, servedModel } from './fixtures/models.ts';

const model = servedModel({ modelId: 'late-basic', attributionWindowMinutes: 1_440 });
const shadows = [{ modelVersion: 2, score: 0.75 }];
const day = { from: '2001-01-22T00:00:00.000Z', to: '2001-01-23T00:00:00.000Z' };

/** `late-basic` with version 1 serving and version 2 scoring along: three flights, two of them landed. */
async function world(events: readonly PackedEvent[] = flights) {
  const registry = await createWorld();
  await addVersion(registry, 'run-1');
  await addVersion(registry, 'run-2');
  const buffer = createMemoryJoinBuffer();
  const bucket = { modelId: 'late-basic', bucket: 0 };
  const positioned = events.map((event, index) => joinEvent(event, at(900), '1', index));
  await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model, events: positioned });
  return { registry, sources: { events: registry.events, metrics: createMemoryGroundTruthMetrics(buffer) } };
}

const flights = [
  predicted('p1', { score: 0.75, shadows }),
  predicted('p2', { score: 0.25, shadows, predictedAt: at(6) }),
  predicted('p3', { score: 0.5, predictedAt: at(60) }),
  observed('p1'),
  observed('p2', { predictedAt: at(6), label: 0 }),
];

describe('realised performance', () => {
  const query = (change: Partial<PerformanceQuery>) =>
    ({ modelId: 'late-basic', version: 1, bucket: 'all', now: at(900), ...day, ...change }) as const;

  it.each([
    ['5m', 3],
    ['1h', 2],
    ['1d', 1],
    ['all', 1],
  ] as const)('comes in points of %s', async (bucket, count) => {
    const { sources } = await world();
    const view = await viewPerformance(sources, query({ bucket }));
    expect(view.points).toHaveLength(count);
    expect(view.points.reduce((sum, { n }) => sum + n, 0)).toBe(2);
    expect(view.points.reduce((sum, { predictions }) => sum + predictions, 0)).toBe(3);
    expect(getPerformance.response.parse(view)).toEqual(view);
  });

  it('has every metric of the window, with the coverage it rests on', async () => {
    const { sources } = await world();
    const { points } = await viewPerformance(sources, query({ now: '2001-01-23T07:00:00.000Z' }));
    expect(points[0]).toMatchObject({
      n: 2,
      metrics: { auc: 1, brier: 0.0625, accuracy: 1, baseRate: 0.5, meanScore: 0.5, calibrationBias: 0 },
      coverage: { predictions: 3, closed: 2, attributed: 2, attributedClosed: 2, coverageRatio: 1 },
      reasons: {},
    });
  });

  it('has the ranking metrics of its lists, over those of which an item is known to be relevant', async () => {
    const list = (...ids: string[]) => ({ items: ids.map((itemId) => ({ itemId, score: 0.5 })) });
    const { sources } = await world([
      predicted('p1', list('a', 'b', 'c')),
      predicted('p2', { ...list('a', 'b'), predictedAt: at(70) }),
      predicted('p3', list('a')),
      observed('p1', { itemId: 'b' }),
      observed('p1', { itemId: 'a', label: 0 }),
      observed('p1', { itemId: 'elsewhere' }),
      observed('p2', { itemId: 'elsewhere', predictedAt: at(70) }),
      observed('p3', { itemId: 'a', label: 0 }),
    ]);
    const view = await viewPerformance(sources, query({}));
    expect(getPerformance.response.parse(view)).toEqual(view);
    const ndcg = 1 / Math.log2(3) / (1 + 1 / Math.log2(3));
    expect(view.points[0]?.ranking).toEqual({
      lists: 3,
      judgedLists: 2,
      ndcg10: expect.closeTo(ndcg / 2, 12),
      recall10: 0.25,
      precision10: 0.05,
      map10: 0.125,
      mrr10: 0.25,
      hitRate10: 0.5,
    });
    const hours = await viewPerformance(sources, query({ bucket: '1h' }));
    expect(hours.points.map((point) => point.ranking?.hitRate10)).toEqual([1, 0]);
  });

  it('has no ranking metrics without lists, nor of labels that no record brought', async () => {
    const { sources } = await world();
    expect((await viewPerformance(sources, query({}))).points[0]).not.toHaveProperty('ranking');
    const listed = await world([predicted('p1', { items: [{ itemId: 'a', score: 0.5 }] })]);
    const rankingOf = async (change: Partial<PerformanceQuery>) =>
      (await viewPerformance(listed.sources, query(change))).points[0]?.ranking;
    expect(await rankingOf({})).toMatchObject({ lists: 1, judgedLists: 0, ndcg10: null, hitRate10: null });
    expect(await rankingOf({ provenance: 'imputed' })).toBeUndefined();
  });

  it('learns from what the join found when labels come', async () => {
    const { sources } = await world();
    const { labelDelays, points } = await viewPerformance(sources, query({ now: '2001-01-24T07:00:00.000Z' }));
    expect(labelDelays).toEqual({ eventualShare: expect.closeTo(2 / 3, 12), predictions: 3, labels: 2 });
    expect(points[0]).toMatchObject({ maturity: 1, labelSupply: 'short', provenance: { exact: 2 }, layer: 'speed' });
    expect(points[0]?.coverage).toMatchObject({ labelledRatio: 2 / 3, expectedRatio: expect.closeTo(2 / 3, 12) });
  });

  it('says why a metric of an empty window is null', async () => {
    const { sources } = await world([]);
    const { points } = await viewPerformance(sources, query({}));
    expect(points).toMatchObject([
      { n: 0, predictions: 0, metrics: { auc: null }, reasons: { auc: 'no attributed prediction in the window' } },
    ]);
  });

  it('is that of the champion unless a version is named', async () => {
    const { sources, registry } = await world();
    await expect(viewPerformance(sources, query({ version: undefined }))).rejects.toMatchObject({
      name: 'NotFound',
      code: 'no-champion',
    });
    await changeModel(registry.events, 'late-basic', [deploy], { actor: ada, now, reason: 'first' });
    expect((await viewPerformance(sources, query({ version: undefined }))).version).toBe(1);
  });

  it.each([
    ['an unknown model', { modelId: 'early' }, 'unknown-model'],
    ['an unknown version', { version: 3 }, 'unknown-version'],
  ])('of %s is not found', async (_case, change, code) => {
    const { sources } = await world();
    await expect(viewPerformance(sources, query(change))).rejects.toMatchObject({ name: 'NotFound', code });
  });

  it('refuses a window that cannot be answered, naming the parameter', async () => {
    const { sources } = await world();
    await expect(viewPerformance(sources, query({ to: at(61) }))).rejects.toMatchObject({
      name: 'InvalidRequest',
      problems: [{ field: 'query:/to', code: 'not-aligned' }],
    });
  });
});

describe('paired performance', () => {
  const query = { modelId: 'late-basic', older: 1, newer: 2, bucket: 'all', now: at(900), ...day } as const;

  it('compares both versions on the same requests', async () => {
    const { sources } = await world();
    const view = await viewPairedPerformance(sources, query);
    const difference = (-Math.log(0.25) + Math.log(0.75)) / 2;
    expect(view.points).toMatchObject([{ n: 2, difference: expect.closeTo(difference, 12) }]);
    expect(getPairedPerformance.response.parse(view)).toEqual(view);
  });

  it('is empty, not missing, where there is nothing to compare', async () => {
    const { sources } = await world([]);
    expect((await viewPairedPerformance(sources, query)).points).toMatchObject([{ n: 0, difference: null }]);
    expect((await viewPairedPerformance(sources, { ...query, bucket: '1d' })).points).toEqual([]);
  });

  it('takes the older version first, and only those that exist', async () => {
    const { sources } = await world();
    await expect(viewPairedPerformance(sources, { ...query, older: 2 })).rejects.toMatchObject({
      problems: [{ field: 'query:/newer', code: 'wrong-order' }],
    });
    await expect(viewPairedPerformance(sources, { ...query, newer: 9 })).rejects.toMatchObject({
      code: 'unknown-version',
    });
  });
});
