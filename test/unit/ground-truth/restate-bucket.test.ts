import { describe, expect, it } from 'vitest';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { restateBucket } from '../../../shared/use-cases/ground-truth/restate-bucket.ts';
import { at, joinEvent, morning, observed, predicted, servedModel } from './fixtures/models.ts';

const bucket = { modelId: 'late-live', bucket: 0 };
const hour = '2001-01-22T06';
const window = { modelId: 'late-live', version: 1, from: morning, to: at(60) };
const shadows = [{ modelVersion: 2, score: 0.5 }];
const gate = 'flights/gate';
const saboteur = 'flights/saboteur';

async function world() {
  const buffer = createMemoryJoinBuffer();
  const said = [
    { event: predicted('p1', { shadows }), writer: gate },
    { event: predicted('p2', { shadows }), writer: gate },
    { event: observed('p1', { label: 0 }), writer: gate },
    { event: observed('p1', { label: 1, observedAt: at(130) }), writer: saboteur },
    { event: observed('p2', { label: 1 }), writer: saboteur },
  ];
  const events = said.map(({ event, writer }, i) => ({ ...joinEvent(event, at(180), '1', i), writer }));
  await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model: servedModel(), events });
  const metrics = createMemoryGroundTruthMetrics(buffer);
  const figures = async () => {
    const [hourly] = await metrics.hourlyPerformance(window);
    const [paired] = await metrics.hourlyPaired({ ...window, older: 1, newer: 2 });
    return { predictions: hourly?.predictions, performance: hourly?.performance, paired: paired?.paired.n };
  };
  return { buffer, figures };
}

const distrusting = (...distrusted: { writer: string; from?: number; to?: number }[]) => servedModel({ distrusted });

describe('restating an hour', () => {
  it('leaves out what a distrusted writer said, and what it had corrected is true again', async () => {
    const { buffer, figures } = await world();
    expect(await figures()).toMatchObject({ predictions: 2, performance: { n: 2, positives: 2 }, paired: 2 });
    const model = distrusting({ writer: saboteur });
    expect(await restateBucket(buffer, { bucket, model, hours: [hour], now: at(200) })).toEqual([hour]);
    expect(await figures()).toMatchObject({ predictions: 2, performance: { n: 1, positives: 0 }, paired: 1 });
  });

  it('gives everything back when the writer is trusted again', async () => {
    const { buffer, figures } = await world();
    const before = await figures();
    const restate = (model: ReturnType<typeof servedModel>) =>
      restateBucket(buffer, { bucket, model, hours: [hour], now: at(200) });
    await restate(distrusting({ writer: saboteur }, { writer: gate }));
    expect(await figures()).toMatchObject({ predictions: 2, paired: 0 });
    await restate(servedModel());
    expect(await figures()).toEqual(before);
  });

  it('concerns only what arrived in the time of distrust', async () => {
    const { buffer, figures } = await world();
    const arrivedAt = Date.parse(at(180));
    const before = distrusting({ writer: saboteur, to: arrivedAt });
    await restateBucket(buffer, { bucket, model: before, hours: [hour], now: at(200) });
    expect(await figures()).toMatchObject({ performance: { n: 2 } });
    const since = distrusting({ writer: saboteur, from: arrivedAt });
    await restateBucket(buffer, { bucket, model: since, hours: [hour], now: at(200) });
    expect(await figures()).toMatchObject({ performance: { n: 1 } });
  });

  it('tells those who remember the day that it has changed', async () => {
    const { buffer } = await world();
    await restateBucket(buffer, { bucket, model: distrusting({ writer: saboteur }), hours: [hour], now: at(200) });
    const { revision, changes } = await buffer.cursor(bucket);
    expect(changes?.revisionByDay).toEqual({ '2001-01-22': revision });
  });

  it('does nothing where nothing is known', async () => {
    const { buffer } = await world();
    const { revision } = await buffer.cursor(bucket);
    expect(
      await restateBucket(buffer, { bucket, model: servedModel(), hours: ['2001-01-22T09'], now: at(200) }),
    ).toEqual([]);
    expect((await buffer.cursor(bucket)).revision).toBe(revision);
  });
});

describe('an outcome of a writer that is distrusted already', () => {
  it('is counted as such, and for nothing else', async () => {
    const buffer = createMemoryJoinBuffer();
    const events = [predicted('p1'), observed('p1')].map((event, i) => joinEvent(event, at(180), '1', i));
    const model = distrusting({ writer: 'flights/serving' });
    await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model, events });
    expect((await buffer.cursor(bucket)).counters).toMatchObject({ distrustedOutcomes: 1, attributed: 0 });
    await restateBucket(buffer, { bucket, model: servedModel(), hours: [hour], now: at(200) });
    const [hourly] = await createMemoryGroundTruthMetrics(buffer).hourlyPerformance(window);
    expect(hourly?.performance?.n).toBe(1);
  });
});
