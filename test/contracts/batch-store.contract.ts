import { describe, expect, it } from 'vitest';
import { decodePerformance } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import { type BatchRun, nextRun } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import type { BatchPoint, DayMetrics } from '../../shared/domain/ground-truth/batch/metric-rows.ts';
import type { BatchStore } from '../../shared/ports/batch-store.ts';

const now = '2001-01-23T01:00:00.000Z';
const day = { date: '2001-01-22', run: 'daily-1-1', completeThrough: now };
const run: BatchRun = nextRun(undefined, 'daily-1', [day.date], now)!;

const point = (index: number): BatchPoint => ({
  index,
  predictions: 3,
  served: 6,
  delays: { 4: 1 },
  performance: {
    kind: 'binary',
    n: 1,
    positives: 1,
    sumScore: 0.25,
    sumLogLoss: 1.4,
    sumSquaredError: 0.5625,
    correct: 0,
    positiveScores: { 128: 1 },
    negativeScores: {},
  },
});

export const metrics: DayMetrics = {
  date: day.date,
  modelId: 'late-live',
  versions: '1',
  hours: Array.from({ length: 24 }, (_, hour) => ({ hour, points: [point(3), point(7)] })),
  day: point(0),
};

/** What readers find of the day: encoded hours by hour, and the day as one. */
export type Published = {
  readonly runId: string;
  readonly hours: ReadonlyMap<string, Uint8Array>;
  readonly daily: Uint8Array | undefined;
};

export function batchStoreContract(
  open: () => Promise<{ store: BatchStore; published: () => Promise<Published | undefined> }>,
) {
  describe('batch store', () => {
    it('keeps the latest run, and lets nobody overwrite one that was not read', async () => {
      const { store } = await open();
      expect(await store.run()).toBeUndefined();
      await store.putRun(run, undefined);
      await expect(store.putRun(run, undefined)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await store.run()).toEqual(run);
      const next: BatchRun = { ...run, attempt: 2 };
      await store.putRun(next, run);
      await expect(store.putRun(run, run)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await store.run()).toEqual(next);
    });

    it('shows a day once it is published, and then the run that was published last', async () => {
      const { store, published } = await open();
      await store.putMetrics(day, metrics, now);
      await store.putMetrics(day, metrics, now);
      expect(await published()).toBeUndefined();
      await store.publishDay(day, now);
      const first = await published();
      expect(first?.runId).toBe('daily-1-1');
      expect([...first!.hours.keys()]).toHaveLength(24);
      expect(decodePerformance(first!.hours.get('2001-01-22T05')!)).toEqual([point(3), point(7)]);
      expect(decodePerformance(first!.daily!)).toEqual([point(0)]);
      await store.putMetrics({ ...day, run: 'daily-2-1' }, metrics, now);
      expect((await published())?.runId).toBe('daily-1-1');
      await store.publishDay({ ...day, run: 'daily-2-1' }, now);
      expect((await published())?.runId).toBe('daily-2-1');
    });
  });
}
