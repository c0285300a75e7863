import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../../shared/domain/ground-truth/coverage.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { performanceSignal } from '../../../shared/domain/health/performance-signal.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { baselineOf, hoursOf, performanceByHour, policyWith, type RecordedHour, signalsWith } from './late-flights.ts';

const baseline = baselineOf();
const window = { from: '2001-01-31T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' };
const day = (days: number) => new Date(Date.parse(window.from) + days * 86_400_000).toISOString();

function performance(hours: readonly RecordedHour[], policy: Policy = policyWith(), reference = baseline.performance) {
  const realized = performanceByHour(hours);
  const coverage = coverageOf(realized, 0, window.to);
  return performanceSignal(policy, 'binary', reference, { hours: realized, window, coverage });
}

describe('performanceSignal', () => {
  it('is ok where truth is what it was at the baseline', () => {
    const signal = performance(hoursOf(window.from, window.to));
    expect(signal).toMatchObject({ verdict: 'ok', unit: 'log-loss skill', n: 7_680, maturity: 1 });
    expect(signal.parts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['auc', 'ok'],
      ['logLossSkill', 'ok'],
      ['calibrationBias', 'ok'],
    ]);
  });

  it('breaches when the model says twice the lateness there is, in effect and evidence', () => {
    const signal = performance(hoursOf(window.from, window.to, { lateRatio: 0.2 }));
    expect(signal).toMatchObject({ verdict: 'breach', score: 1 });
    expect(signal.reason).toMatch(
      /mean score is 0\.11\d* above the label rate \(limit 0\.05, p [\d.e-]+ over 8 day blocks\).*, 8 days, n 7,680, coverage 1, maturity 1(, not judged: auc)?$/,
    );
    expect(signal.evidence).toBeLessThan(0.001);
    expect(signal.effect).toBeGreaterThan(1);
  });

  it('warns, and does not breach, where an effect may be the luck of some days', () => {
    const hours = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) =>
      hoursOf(day(i), day(i + 1), { lateRatio: i % 2 === 0 ? 0.45 : 0.6 }),
    );
    const signal = performance(hours);
    const bias = signal.parts.find(({ name }) => name === 'calibrationBias');
    expect(bias).toMatchObject({ verdict: 'warning' });
    expect(Math.abs(bias?.value ?? 0)).toBeGreaterThan(0.05);
    expect(signal.verdict).not.toBe('breach');
  });

  it.each([
    ['coverage 0.5 is below 0.8', hoursOf(window.from, window.to, {}, { coverageRatio: 0.5 })],
    ['no ground truth: no outcome has come', hoursOf(window.from, window.to, {}, { coverageRatio: 0 })],
    ['no ground truth: no prediction whose attribution window has closed', []],
    [
      'needs 500 rows, has 480 with an outcome',
      hoursOf('2001-02-07T12:00:00.000Z', window.to),
      policyWith(() => ({ minimumRows: 500 })),
    ],
  ])('is insufficient when %s', (reason, hours, policy = policyWith()) => {
    expect(performance(hours, policy)).toMatchObject({ verdict: 'insufficient-data', score: null, reason });
  });

  it('is insufficient over two days, whatever they show short of a collapse', () => {
    const signal = performance(hoursOf(day(6), window.to));
    expect(signal).toMatchObject({ verdict: 'insufficient-data', score: null });
    expect(signal.reason).toMatch(/: needs 8 day blocks, has 2$/);
  });

  it('judges calibration even where the baseline has no labels', () => {
    const signal = performanceSignal(policyWith(), 'binary', undefined, {
      hours: performanceByHour(hoursOf(window.from, window.to, { lateRatio: 0.2 })),
      window,
      coverage: { predictions: 0, closed: 7_680, attributed: 7_680, attributedClosed: 7_680, coverageRatio: 1 },
    });
    expect(signal.verdict).toBe('breach');
    expect(signal.parts.map(({ verdict }) => verdict)).toEqual(['insufficient-data', 'insufficient-data', 'breach']);
  });

  it('does not define skill and AUC on flights that all landed in time', () => {
    const signal = performance(hoursOf(window.from, window.to, { lateRatio: 0 }));
    expect(signal.parts[0]).toMatchObject({ value: null, verdict: 'insufficient-data' });
    expect(signal).toMatchObject({ value: null, verdict: 'breach' });
  });

  it('is insufficient when the policy switches every test off', () => {
    const off = signalsWith(({ performance: limits }) => ({
      performance: { ...limits, aucDrop: null, logLossSkillDrop: null, calibrationBias: null },
    }));
    expect(performance(hoursOf(window.from, window.to), off).reason).toBe('the policy switches every test off');
  });

  it('compares the RMSE of a regression with that of the baseline', () => {
    const rows = (error: number) =>
      Array.from({ length: 40 }, (_, i) => ({ score: i + (i % 2 ? error : -error), label: i }));
    const hours = hoursOf(window.from, window.to).map(({ at }, i) => ({
      hour: at.slice(0, 13),
      predictions: 40,
      performance: performanceOf('regression', rows(5 + (Math.floor(i / 24) % 3) / 10)),
    }));
    const month = Array.from({ length: 30 * 24 }, () => rows(4)).flat();
    const coverage = coverageOf(hours, 0, window.to);
    const signal = performanceSignal(policyWith(), 'regression', performanceOf('regression', month), {
      hours,
      window,
      coverage,
    });
    expect(signal).toMatchObject({ verdict: 'breach', unit: 'RMSE' });
    expect(signal.reason).toMatch(/^RMSE 5\.0\d+ is 2\d\.\d+ % above the baseline's 4 \(limit 20 %/);
  });

  it('abstains over seven good days, and breaches over two terrible ones', () => {
    const few = performance(hoursOf(day(1), window.to));
    expect(few).toMatchObject({ verdict: 'insufficient-data' });
    expect(few.reason).toContain('needs 8 day blocks, has 7');
    const terrible = performance(hoursOf(day(6), window.to, { lateRatio: 0.08 }));
    expect(terrible).toMatchObject({ verdict: 'breach' });
    expect(terrible.parts.find(({ verdict }) => verdict === 'breach')?.blocks?.current).toBe(2);
  });

  it('finds a break within the window that the spread around its mean would hide', () => {
    const good = hoursOf(day(0), day(3));
    const bad = hoursOf(day(3), window.to, { lateRatio: 0.15 });
    const usual = signalsWith(({ performance: limits }) => ({ performance: { ...limits, aucDrop: null } }));
    expect(performance([...good, ...bad], { ...usual, significance: 0.01 })).toMatchObject({ verdict: 'breach' });
  });

  it('leaves out the days whose labels have not come, and says so', () => {
    const outage = (from: string, to: string, coverageRatio: number) =>
      hoursOf(from, to, { lateRatio: 0.9 }, { coverageRatio });
    const whole = hoursOf('2001-01-28T00:00:00.000Z', day(6));
    const signal = performance([...whole, ...outage(day(6), window.to, 0.5)]);
    expect(signal).toMatchObject({ verdict: 'ok', n: 9 * 24 * 40, maturity: 1 });
    expect(signal.reason).toMatch(/maturity 1, 2 days left out whose labels have not come$/);
  });

  it('names the tests that abstain beside those that do not', () => {
    const unlabelled = performanceSignal(policyWith(), 'binary', undefined, {
      hours: performanceByHour(hoursOf(window.from, window.to)),
      window,
      coverage: coverageOf(performanceByHour(hoursOf(window.from, window.to)), 0, window.to),
    });
    expect(unlabelled).toMatchObject({ verdict: 'ok' });
    expect(unlabelled.reason).toMatch(/, not judged: auc, logLossSkill$/);
  });
});
