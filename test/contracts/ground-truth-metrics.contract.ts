import { describe, expect, it } from 'vitest';
import type { AggregateKind } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import {
  encodeArm,
  encodePaired,
  encodePerformance,
  encodeProfile,
} from '../../shared/domain/ground-truth/aggregate-codec.ts';
import type { Profile } from '../../shared/domain/ground-truth/aggregates.ts';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import { pairedOf } from '../../shared/domain/ground-truth/paired.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import { armKey } from '../../shared/domain/ground-truth/unit-arms.ts';
import type { GroundTruthMetrics } from '../../shared/ports/ground-truth-metrics.ts';
import type { JoinBuffer } from '../../shared/ports/join-buffer.ts';

type Row = { readonly modelId: string; readonly versions: string; readonly runId: string; readonly data: Uint8Array };
/** What a batch join writes. */
type Batch = {
  putHour(row: Row & { readonly hour: string }): Promise<void> | void;
  putDay(row: Row & { readonly day: string }): Promise<void> | void;
  point(day: string, runId: string): Promise<void> | void;
};
type World = { readonly buffer: JoinBuffer; readonly metrics: GroundTruthMetrics; readonly batch: Batch };

const profile: Profile = { n: 1, features: { distance: { bins: { 3: 1 }, missing: 0, unseen: 0 } }, scores: { 2: 1 } };
const late = performanceOf('binary', [{ score: 0.25, label: 1 }]);
const paired = pairedOf('binary', [{ olderScore: 0.5, newerScore: 0.25, label: 1 }]);
const points = [0, 11].map((index) => ({ index, predictions: 2, performance: late }));
const encoded = {
  profile: encodeProfile(profile),
  performance: encodePerformance(points),
  paired: encodePaired(paired),
  arm: encodeArm({ n: 2, sum: 3, sumSquares: 5 }),
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
        { hour: '2001-01-22T00', predictions: 4, performance: expect.objectContaining({ n: 2 }), layer: 'speed' },
        { hour: '2001-01-22T23', predictions: 4, performance: expect.objectContaining({ n: 2 }), layer: 'speed' },
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
        { from: '2001-01-22T06:55:00.000Z', predictions: 2, performance: late, layer: 'speed' },
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
      expect(await metrics.dailyPerformance(window)).toEqual([]);
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

    it('of the units of a rollout take the place of those of predictions', async () => {
      const units = { rolloutId: 'late#1 ~x', metric: 'minutes saved' };
      const other = { ...units, rolloutId: 'late#1' };
      const own = (modelVersion: number) => armKey({ ...units, modelVersion });
      for (const bucket of [0, 3])
        await store('units', bucket, [
          ['paired', '1#2', hours[1]!],
          ['arm', own(1), hours[1]!],
          ['arm', own(2), hours[2]!],
          ['arm', armKey({ ...other, modelVersion: 1 }), hours[1]!],
        ]);
      const found = await world().metrics.hourlyPaired({ ...day, modelId: 'units', older: 1, newer: 2, units });
      const [none, both] = [
        { n: 0, sum: 0, sumSquares: 0 },
        { n: 4, sum: 6, sumSquares: 10 },
      ];
      expect(found).toEqual([
        { hour: hours[1], paired: expect.objectContaining({ n: 2, arms: { older: both, newer: none } }) },
        { hour: hours[2], paired: expect.objectContaining({ n: 0, arms: { older: none, newer: both } }) },
      ]);
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

  describe('where the batch has joined a day', () => {
    const point = (index: number, predictions: number) => ({ index, predictions, performance: late });
    const ofHour = (n: number) => encodePerformance([point(0, n), point(11, n)]);
    const window = { version: 1, from: '2005-05-01T22:00:00.000Z', to: '2005-05-03T02:00:00.000Z' };
    const found = async (modelId: string, change: Partial<Parameters<GroundTruthMetrics['profile']>[0]> = {}) =>
      (await world().metrics.hourlyPerformance({ modelId, ...window, ...change })).map(
        ({ hour, predictions, layer }) => [hour.slice(8), predictions, layer] as const,
      );

    /** Stream results of every hour of three days; the batch has those of the middle one, by two runs. */
    async function joined(modelId: string) {
      const streamed = ['01T22', '01T23', '02T00', '02T23', '03T00'].map(
        (hour) => ['performance', '1', `2005-05-${hour}`] as const,
      );
      await store(modelId, 0, streamed);
      for (const [runId, predictions] of [
        ['run-1', 50],
        ['run-2', 60],
      ] as const) {
        const row = { modelId, runId, versions: '1' };
        for (const hour of ['2005-05-02T00', '2005-05-02T23'])
          await world().batch.putHour({ ...row, hour, data: ofHour(predictions) });
        await world().batch.putDay({ ...row, day: '2005-05-02', data: encodePerformance([point(0, 4 * predictions)]) });
      }
      await world().batch.point('2005-05-02', 'run-2');
    }

    it('its run answers for the day, and the stream for the rest', async () => {
      await joined('layered');
      expect(await found('layered')).toEqual([
        ['01T22', 4, 'speed'],
        ['01T23', 4, 'speed'],
        ['02T00', 120, 'batch'],
        ['02T23', 120, 'batch'],
        ['03T00', 4, 'speed'],
      ]);
    });

    it('each layer can be asked alone', async () => {
      await joined('alone');
      expect(await found('alone', { layer: 'batch' })).toEqual([
        ['02T00', 120, 'batch'],
        ['02T23', 120, 'batch'],
      ]);
      expect((await found('alone', { layer: 'speed' })).map(([, predictions]) => predictions)).toEqual([4, 4, 4, 4, 4]);
    });

    it('part of the day is cut from it', async () => {
      await joined('cut');
      const afternoon = { from: '2005-05-02T12:00:00.000Z', to: '2005-05-02T23:59:00.000Z' };
      expect(await found('cut', afternoon)).toEqual([['02T23', 120, 'batch']]);
      const minutes = { from: '2005-05-02T00:30:00.000Z', to: '2005-05-02T23:30:00.000Z' };
      const points = await world().metrics.fiveMinutePerformance({ modelId: 'cut', version: 1, ...minutes });
      expect(points.map(({ from, predictions, layer }) => [from, predictions, layer])).toEqual([
        ['2005-05-02T00:55:00.000Z', 60, 'batch'],
        ['2005-05-02T23:00:00.000Z', 60, 'batch'],
      ]);
    });

    it('whole days come from one row each, and days in part from their hours', async () => {
      await joined('daily');
      const daily = await world().metrics.dailyPerformance({ modelId: 'daily', ...window });
      expect(daily.map(({ day, predictions, layer }) => [day, predictions, layer])).toEqual([
        ['2005-05-01', 8, 'speed'],
        ['2005-05-02', 240, 'batch'],
        ['2005-05-03', 4, 'speed'],
      ]);
      const part = { ...window, from: '2005-05-02T01:00:00.000Z' };
      const [first] = await world().metrics.dailyPerformance({ modelId: 'daily', ...part });
      expect(first).toMatchObject({ day: '2005-05-02', predictions: 120, layer: 'batch' });
    });

    it('the stream answers for a model of which it says nothing yet', async () => {
      await joined('other');
      await store('unsettled', 0, [['performance', '1', '2005-05-02T00']]);
      expect(await found('unsettled')).toEqual([['02T00', 4, 'speed']]);
      expect(await found('unsettled', { layer: 'batch' })).toEqual([]);
      const daily = await world().metrics.dailyPerformance({ modelId: 'unsettled', ...window });
      expect(daily.map(({ day, predictions, layer }) => [day, predictions, layer])).toEqual([
        ['2005-05-02', 4, 'speed'],
      ]);
    });

    it('segments and further outcome types are kept apart', async () => {
      await joined('apart');
      const row = { modelId: 'apart', runId: 'run-2', hour: '2005-05-02T00' };
      await world().batch.putHour({ ...row, versions: '1@new', data: ofHour(7) });
      await world().batch.putHour({ ...row, versions: '1~click', data: ofHour(9) });
      await store('apart', 1, [
        ['performance', '1@new', '2005-05-03T01'],
        ['performance', '1~click', '2005-05-03T01'],
      ]);
      expect(await found('apart', { segment: 'new' })).toEqual([
        ['02T00', 14, 'batch'],
        ['03T01', 4, 'speed'],
      ]);
      expect(await found('apart', { outcomeType: 'click' })).toEqual([
        ['02T00', 18, 'batch'],
        ['03T01', 4, 'speed'],
      ]);
    });
  });
}
