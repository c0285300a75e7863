import { describe, expect, it } from 'vitest';
import { createMemoryBaselineStore } from '../../../shared/adapters/memory/memory-baseline-store.ts';
import { getPerformanceSeries } from '../../../shared/api/ground-truth.ts';
import type { HourlyPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { viewPerformanceSeries } from '../../../shared/use-cases/ground-truth/view-performance-series.ts';
import { deployedAt, givenServingModel } from '../health/serving-model.ts';

const now = '2001-01-25T03:30:00.000Z';

function hour(day: number, hourOfDay: number, share: number): HourlyPerformance {
  const scored = Array.from({ length: 10 }, (_, i) => ({ score: (i + 0.5) / 10, label: i / 10 < share ? 0 : 1 }));
  const name = `2001-01-${day}T${String(hourOfDay).padStart(2, '0')}`;
  return { hour: name, predictions: 12, performance: performanceOf('binary', scored) };
}

const hours = [hour(22, 7, 0.3), hour(22, 8, 0.5), hour(22, 9, 0.7), hour(24, 10, 0.5)];

async function series(query: Partial<Parameters<typeof viewPerformanceSeries>[1]> = {}) {
  const world = await givenServingModel();
  const metrics = {
    ...world.metrics,
    hourlyPerformance: async ({ from, to }: { from: string; to: string }) =>
      hours.filter((each) => `${each.hour}:00:00.000Z` >= from && `${each.hour}:00:00.000Z` < to),
  };
  const ports = { events: world.events, metrics, baselines: createMemoryBaselineStore([]) };
  return viewPerformanceSeries(ports, { modelId: 'late-test', step: 'day', now, ...query });
}

describe('performance over time', () => {
  it('has a point for each UTC day with predictions, with its coverage and the spread of its hours', async () => {
    const view = await series();
    expect(view).toMatchObject({ metric: 'logLossSkill', betterIs: 'higher', reference: null });
    expect(view.points).toMatchObject([
      {
        from: '2001-01-22T00:00:00.000Z',
        to: '2001-01-23T00:00:00.000Z',
        version: 1,
        predictions: 36,
        attributed: 30,
        matured: true,
      },
      { from: '2001-01-24T00:00:00.000Z', predictions: 12 },
    ]);
    const [first, last] = view.points;
    expect(first?.coverageRatio).toBeCloseTo(30 / 36);
    expect(first?.interval?.low).toBeLessThan(first?.value ?? 0);
    expect(first?.interval?.high).toBeGreaterThan(first?.value ?? 0);
    // One hour has no spread.
    expect(last).not.toHaveProperty('interval');
    expect(getPerformanceSeries.response.parse(view)).toEqual(view);
  });

  it('comes by the hour too, widened to whole hours', async () => {
    const view = await series({ step: 'hour', from: '2001-01-22T08:30:00.000Z', to: '2001-01-22T09:10:00.000Z' });
    expect(view.points.map(({ from }) => from)).toEqual(['2001-01-22T08:00:00.000Z', '2001-01-22T09:00:00.000Z']);
  });

  it('knows no version that was never registered, and no window that ends before it begins', async () => {
    await expect(series({ version: 9 })).rejects.toMatchObject({ code: 'unknown-version' });
    await expect(series({ from: now, to: deployedAt })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(series({ from: '1990-01-01T00:00:00.000Z' })).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});
