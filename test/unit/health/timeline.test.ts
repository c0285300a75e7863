import { beforeEach, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../shared/domain/health/evaluation.ts';
import { daysOf, mergeHealthRow } from '../../../shared/domain/health/health-row.ts';
import { downsample, stepMinutesOf, timelinePoint } from '../../../shared/domain/health/timeline.ts';
import { toInstant, toMillis } from '../../../shared/domain/time.ts';
import { evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { viewDrift } from '../../../shared/use-cases/health/view-drift.ts';
import { viewTimeline } from '../../../shared/use-cases/health/view-timeline.ts';
import { hoursOf } from './late-flights.ts';
import { deployedAt, givenServingModel, type World } from './serving-model.ts';

const day9 = '2001-01-31T00:00:00.000Z';
const later = (minutes: number) => toInstant(toMillis(day9) + minutes * 60_000);
let world: World;
let healthy: Evaluation;
beforeEach(async () => {
  world = await givenServingModel();
  world.hours.push(...hoursOf(deployedAt, day9));
  healthy = await evaluateOnSchedule(world, 'late-test', day9);
});

describe('a timeline', () => {
  it('gives a step the worst verdict and the last figures, and leaves empty steps out', () => {
    const points = [
      { ...timelinePoint(healthy), at: later(35), stalenessScore: 0.3 },
      { ...timelinePoint(healthy), at: later(5), verdict: 'at-risk' as const },
      { ...timelinePoint(healthy), at: later(130) },
    ];
    const steps = downsample(points, { from: day9, stepMinutes: 60 });
    expect(steps).toMatchObject([
      { at: day9, evaluations: 2, verdict: 'at-risk', stalenessScore: 0.3 },
      { at: later(120), evaluations: 1, verdict: 'healthy' },
    ]);
  });

  it('has at most as many steps as asked for, and none shorter than five minutes', () => {
    expect(stepMinutesOf(day9, later(60), 1_000)).toBe(5);
    expect(stepMinutesOf(day9, later(30 * 1_440), 200)).toBe(216);
  });

  it('shows the scheduled evaluations of the last 30 days beside the threshold', async () => {
    const view = await viewTimeline(world, { modelId: 'late-test', points: 200, now: later(60) });
    expect(view).toMatchObject({ from: '2001-01-01T01:00:00.000Z', to: later(60), stepMinutes: 216, threshold: 0.6 });
    expect(view.points).toMatchObject([
      { verdict: 'healthy', confidence: 'high', coverageRatio: 1, signals: { dataDrift: { verdict: 'ok' } } },
    ]);
  });

  it.each([
    [{ from: later(60), to: day9 }, 'empty-window'],
    [{ from: later(-93 * 1_440), to: day9 }, 'window-too-long'],
  ])('refuses %j as %s', async (window, code) => {
    const query = { modelId: 'late-test', points: 10, now: day9, ...window };
    await expect(viewTimeline(world, query)).rejects.toMatchObject({ name: 'InvalidRequest', code });
  });
});

describe('the days of a model', () => {
  const at = (day: number, hour = 0) => ({
    ...healthy,
    evaluatedAt: toInstant(toMillis(day9) + (day * 24 + hour) * 3_600_000),
  });

  it('end with the newest, remember 30, and leave gaps where nothing was evaluated', () => {
    const row = [0, 2, 40].reduce<ReturnType<typeof mergeHealthRow> | undefined>(
      (held, day) => mergeHealthRow(held, at(day)),
      undefined,
    );
    expect(daysOf(row!)).toEqual([{ date: '2001-03-12', state: 'healthy' }]);
    const earlier = mergeHealthRow(row, at(15));
    expect(daysOf(earlier).map(({ date }) => date)).toEqual(['2001-02-15', '2001-03-12']);
    expect(daysOf(mergeHealthRow(earlier, at(1)))).toEqual(daysOf(earlier));
  });

  it('take the worst verdict that could be trusted', () => {
    const untrusted = { ...at(0, 1), confidence: { level: 'low' as const, reasons: ['few rows'] } };
    expect(daysOf(mergeHealthRow(undefined, untrusted))).toEqual([{ date: '2001-01-31', state: 'unknown' }]);
    const signals = healthy.signals.map((signal) => ({ ...signal, verdict: 'warning' as const }));
    const row = [untrusted, at(0, 2), { ...at(0, 3), signals }, at(0, 4)].reduce<
      ReturnType<typeof mergeHealthRow> | undefined
    >(mergeHealthRow, undefined);
    expect(daysOf(row!)).toEqual([{ date: '2001-01-31', state: 'warning' }]);
  });
});

describe('drift then and now', () => {
  it('shows every feature and the output on the bins of the reference, the largest PSI first', async () => {
    const drift = await viewDrift(world, { modelId: 'late-test', now: day9 });
    expect(drift).toMatchObject({ version: 1, current: { n: expect.any(Number) }, prediction: { name: 'prediction' } });
    const psis = drift.features.map(({ psi }) => psi ?? -1);
    expect(psis).toEqual(psis.toSorted((a, b) => b - a));
    for (const { bins, verdict } of drift.features) {
      expect(verdict).toBe('ok');
      expect(bins.reduce((sum, { currentCount }) => sum + currentCount, 0)).toBe(drift.current.n);
      expect(bins[0]).toMatchObject({ label: expect.any(String) });
    }
  });

  it('judges at the levels of the latest evaluation', async () => {
    const alphaLong = (await world.evaluations.latest('late-test'))?.alertBudget?.alphaLong;
    expect(alphaLong).toBeGreaterThan(0);
    const { features } = await viewDrift(world, { modelId: 'late-test', now: day9 });
    expect(features.map(({ alpha }) => alpha)).toEqual(features.map(() => alphaLong));
  });

  it('reads fewer days when asked, and the past as it was', async () => {
    const { current } = await viewDrift(world, { modelId: 'late-test', now: day9, days: 2 });
    expect(current).toMatchObject({ from: '2001-01-29T00:00:00.000Z', to: day9 });
    const past = await viewDrift(world, { modelId: 'late-test', now: day9, asOf: '2001-01-24T12:30:00.000Z' });
    expect(past.current.to).toBe('2001-01-24T12:00:00.000Z');
    await expect(viewDrift(world, { modelId: 'late-test', now: day9, asOf: later(1) })).rejects.toMatchObject({
      code: 'as-of-in-future',
    });
  });
});
