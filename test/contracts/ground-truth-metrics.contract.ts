import { describe, expect, it } from 'vitest';
import type { AggregateKind } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import { encodePaired, encodePerformance, encodeProfile } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import type { Profile } from '../../shared/domain/ground-truth/aggregates.ts';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import { pairedOf } from '../../shared/domain/ground-truth/paired.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import type { GroundTruthMetrics } from '../../shared/ports/ground-truth-metrics.ts';
import type { JoinBuffer } from '../../shared/ports/join-buffer.ts';

type World = { readonly buffer: JoinBuffer; readonly metrics: GroundTruthMetrics };

const profile: Profile = { n: 1, features: { distance: { bins: { 3: 1 }, missing: 0, unseen: 0 } }, scores: { 2: 1 } };
const late = performanceOf('binary', [{ score: 0.25, label: 1 }]);
const paired = pairedOf('binary', [{ olderScore: 0.5, newerScore: 0.25, label: 1 }]);
const points = [0, 11].map((index) => ({ index, predictions: 2, performance: late }));
const encoded = {
  profile: encodeProfile(profile),
  performance: encodePerformance(points),
  paired: encodePaired(paired),
};

/** What every reader of aggregates does over what its buffer committed; each test has a model of its own. */
export function groundTruthMetricsContract(world: () => World): void {
  const store = async (
    modelId: string,
    bucket: number,
    items: readonly (readonly [AggregateKind, string, string])[],
  ) => {
    const { revision } = await world().buffer.cursor({ modelId, bucket });
    const cursor = { ...initialCursor, revision: revision + 1 };
    const aggregates = items.map(([kind, versions, hour]) => ({ kind, versions, hour, data: encoded[kind] }));
    await world().buffer.commit({ modelId, bucket }, { cursor, parts: [], aggregates });
  };
  const hours = ['2001-01-21T23', '2001-01-22T00', '2001-01-22T23', '2001-01-23T00', '2001-01-24T05'];
  const day = { version: 1, from: '2001-01-22T00:00:00.000Z', to: '2001-01-23T00:00:00.000Z' };
  const all = { version: 1, from: '2001-01-20T00:00:00.000Z', to: '2001-02-20T00:00:00.000Z' };

  describe('a window', () => {
    it('begins with its first hour and ends before its last moment', async () => {
      await store(
        'edges',
        0,
        hours.map((hour) => ['performance', '1', hour]),
      );
      const found = await world().metrics.hourlyPerformance({ modelId: 'edges', ...day });
      expect(found).toEqual([
        { hour: '2001-01-22T00', predictions: 4, performance: expect.objectContaining({ n: 2 }) },
        { hour: '2001-01-22T23', predictions: 4, performance: expect.objectContaining({ n: 2 }) },
      ]);
    });

    it('over months is read whole, in order', async () => {
      const many = Array.from({ length: 75 }, (_, i) => new Date(Date.parse('2001-01-22T05:00:00Z') + i * 86_400_000));
      await store(
        'months',
        0,
        many.map((at) => ['performance', '1', at.toISOString().slice(0, 13)]),
      );
      const found = await world().metrics.hourlyPerformance({
        modelId: 'months',
        ...all,
        to: '2001-06-01T00:00:00.000Z',
      });
      expect(found.map(({ hour }) => hour)).toEqual(many.map((at) => at.toISOString().slice(0, 13)));
    });

    it('is cut into stretches of 24 hours that are counted back from its end', async () => {
      await store(
        'stretches',
        0,
        hours.map((hour) => ['profile', '1', hour]),
      );
      const window = { modelId: 'stretches', version: 1, from: '2001-01-21T22:00:00.000Z' };
      const found = await world().metrics.profileBlocks({ ...window, to: '2001-01-24T06:00:00.000Z' });
      expect(found.map(({ from, to, profile: { n } }) => [from, to, n])).toEqual([
        ['2001-01-21T22:00:00.000Z', '2001-01-22T06:00:00.000Z', 2],
        ['2001-01-22T06:00:00.000Z', '2001-01-23T06:00:00.000Z', 2],
        ['2001-01-23T06:00:00.000Z', '2001-01-24T06:00:00.000Z', 1],
      ]);
    });

    it('within an hour cuts five-minute points, not hours', async () => {
      await store('within', 0, [['performance', '1', '2001-01-22T06']]);
      const window = {
        modelId: 'within',
        version: 1,
        from: '2001-01-22T06:30:00.000Z',
        to: '2001-01-22T06:56:00.000Z',
      };
      expect(await world().metrics.fiveMinutePerformance(window)).toEqual([
        { from: '2001-01-22T06:55:00.000Z', predictions: 2, performance: late },
      ]);
      expect(await world().metrics.hourlyPerformance(window)).toMatchObject([{ predictions: 4 }]);
    });

    it('without predictions is empty', async () => {
      const window = { modelId: 'nobody', ...all };
      const { metrics } = world();
      expect(await metrics.profile(window)).toEqual({ n: 0, features: {}, scores: {} });
      expect(await metrics.profilesOfHours({ ...window, buckets: 1, hours })).toEqual(new Map());
      expect(await metrics.profileBlocks({ ...window, to: '2001-01-22T00:00:00.000Z' })).toMatchObject([
        { profile: { n: 0 } },
        { profile: { n: 0 } },
      ]);
      expect(await metrics.hourlyPerformance(window)).toEqual([]);
      expect(await metrics.fiveMinutePerformance(window)).toEqual([]);
      expect(await metrics.hourlyPaired({ ...window, older: 1, newer: 2 })).toEqual([]);
    });
  });

  describe('aggregates', () => {
    it('are merged over buckets', async () => {
      const items = [
        ['profile', '1', hours[1]!],
        ['performance', '1', hours[1]!],
        ['paired', '1#2', hours[1]!],
      ] as const;
      for (const bucket of [0, 2, 10]) await store('merged', bucket, items);
      const { metrics } = world();
      const window = { modelId: 'merged', ...day };
      expect(await metrics.profile(window)).toEqual({
        n: 3,
        features: { distance: { bins: { 3: 3 }, missing: 0, unseen: 0 } },
        scores: { 2: 3 },
      });
      expect(await metrics.profilesOfHours({ ...window, buckets: 11, hours })).toEqual(
        new Map([[hours[1], await metrics.profile(window)]]),
      );
      expect(await metrics.hourlyPerformance(window)).toMatchObject([{ predictions: 12, performance: { n: 6 } }]);
      expect(await metrics.fiveMinutePerformance(window)).toMatchObject([{ predictions: 6 }, { predictions: 6 }]);
      expect(await metrics.hourlyPaired({ ...window, older: 1, newer: 2 })).toMatchObject([{ paired: { n: 3 } }]);
    });

    it('of other versions, pairs and models are left out', async () => {
      await store('mine', 0, [
        ['performance', '11', hours[1]!],
        ['profile', '11', hours[1]!],
        ['paired', '1#21', hours[1]!],
        ['paired', '11#2', hours[1]!],
      ]);
      await store('mine-too', 0, [['performance', '1', hours[1]!]]);
      const { metrics } = world();
      const window = { modelId: 'mine', ...all };
      expect(await metrics.hourlyPerformance(window)).toEqual([]);
      expect((await metrics.profile(window)).n).toBe(0);
      expect(await metrics.hourlyPaired({ ...window, older: 1, newer: 2 })).toEqual([]);
      expect(await metrics.hourlyPerformance({ ...window, version: 11 })).toHaveLength(1);
    });
  });
}
