import { describe, expect, it } from 'vitest';
import type { HourlyPaired } from '../../../shared/domain/ground-truth/aggregates.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import { judgeStep, maturedWindow } from '../../../shared/domain/rollout/judge-step.ts';
import { plannedLooks, significancePerLook } from '../../../shared/domain/rollout/planned-looks.ts';
import { hour, inCanary, noArm, pairedHour } from './flight-rollouts.ts';
import { normal, uniform } from './seeded.ts';

const businessMetric = { name: 'minutesSaved', direction: 'higher-is-better' } as const;
const bigArm = { n: 500, sum: 5_000, sumSquares: 50_500 };

/** 24 hours of 100 pairs whose loss differs by `difference` of the champion's, with a little noise. */
function hours(difference: number, arms = { older: noArm, newer: noArm }): readonly HourlyPaired[] {
  return Array.from({ length: 24 }, (_, index) =>
    pairedHour(index, 100, 45, 45 * (difference + (index % 2 === 0 ? 0.001 : -0.001)), arms),
  );
}

const better = hours(-0.05);
const worse = hours(0.2);
const relaxed = { businessMetricRequired: false };

describe('judgeStep', () => {
  it('passes on the paired verdict alone when no business metric is defined', () => {
    const { judgement, next } = judgeStep(inCanary(), { hours: better, businessMetric: undefined }, hour(4));
    expect(judgement).toMatchObject({ verdict: 'pass', step: 0, percent: 5, judgedAt: hour(4) });
    expect(judgement.reason).toContain('no business metric is defined');
    expect(next).toBe('advance');
  });

  it('says that it proceeds on the paired verdict when the arms are too small and the policy allows it', () => {
    const { judgement, next } = judgeStep(inCanary(relaxed), { hours: better, businessMetric }, hour(4));
    expect(judgement.reason).toMatch(
      /business arms inconclusive \(needs 200 rows per arm, has 0\); policy proceeds on the paired verdict$/,
    );
    expect([judgement.verdict, next]).toEqual(['pass', 'advance']);
  });

  it('holds when the business metric is required and inconclusive', () => {
    expect(judgeStep(inCanary(), { hours: better, businessMetric }, hour(4))).toMatchObject({
      judgement: { verdict: 'inconclusive' },
      next: 'hold',
      holdSeconds: 4 * 3_600,
    });
  });

  it('passes when both pass', () => {
    const arms = { older: bigArm, newer: bigArm };
    expect(judgeStep(inCanary(), { hours: hours(-0.05, arms), businessMetric }, hour(4))).toMatchObject({
      judgement: { verdict: 'pass', business: { verdict: 'pass', champion: { n: 12_000 } } },
      next: 'advance',
    });
  });

  it('rolls back when the loss is clearly worse, whatever the business metric says', () => {
    const arms = { older: bigArm, newer: bigArm };
    expect(judgeStep(inCanary(), { hours: hours(0.2, arms), businessMetric }, hour(4))).toMatchObject({
      judgement: { verdict: 'fail' },
      next: 'roll-back',
      holdSeconds: 0,
    });
  });

  it('rolls back when the business metric drops, even where it is not required', () => {
    const arms = { older: bigArm, newer: { n: 500, sum: 4_500, sumSquares: 41_000 } };
    expect(judgeStep(inCanary(relaxed), { hours: hours(-0.05, arms), businessMetric }, hour(4))).toMatchObject({
      judgement: { verdict: 'fail', business: { relativeChange: -0.1 } },
      next: 'roll-back',
    });
  });

  it('knows which arm is the candidate when an earlier version is rolled out again', () => {
    const arms = { older: { n: 500, sum: 4_500, sumSquares: 41_000 }, newer: bigArm };
    const again = inCanary(relaxed, { champion: 2, candidate: 1 });
    expect(judgeStep(again, { hours: hours(0.2, arms), businessMetric }, hour(4)).judgement).toMatchObject({
      verdict: 'fail',
      paired: { relativeDifference: expect.closeTo(-0.1667, 3) },
      business: { relativeChange: -0.1 },
    });
  });

  it('takes business figures from the running step only', () => {
    const second = { ...inCanary(relaxed), step: 1, stepStartedAt: hour(12.5) };
    const arms = { older: bigArm, newer: bigArm };
    expect(judgeStep(second, { hours: hours(-0.05, arms), businessMetric }, hour(24)).judgement).toMatchObject({
      paired: { n: 2_400 },
      business: { candidate: { n: 11 * 500 } },
    });
  });

  it('never passes without data', () => {
    for (const policy of [{}, relaxed, { onInconclusive: 'promote-on-paired-verdict' as const }]) {
      expect(judgeStep(inCanary(policy), { hours: [], businessMetric }, hour(4))).toMatchObject({
        judgement: { verdict: 'inconclusive' },
        next: 'hold',
      });
      expect(judgeStep(inCanary(policy), { hours: [], businessMetric }, hour(1_000))).toMatchObject({
        judgement: { verdict: 'inconclusive' },
        next: 'roll-back',
      });
    }
  });

  it('promotes after the last canary step', () => {
    const last = { ...inCanary(), step: 2 };
    expect(judgeStep(last, { hours: better, businessMetric: undefined }, hour(4)).next).toBe('promote');
    expect(judgeStep(last, { hours: worse, businessMetric: undefined }, hour(4)).next).toBe('roll-back');
  });
});

describe('a step that stays inconclusive', () => {
  const { maximumHoldHours } = inCanary().policy;

  it('is looked at one last time when its maximum is reached', () => {
    expect(judgeStep(inCanary(), { hours: better, businessMetric }, hour(maximumHoldHours - 1))).toMatchObject({
      next: 'hold',
      holdSeconds: 3_600,
    });
  });

  it('rolls back then, by default', () => {
    expect(judgeStep(inCanary(), { hours: better, businessMetric }, hour(maximumHoldHours)).next).toBe('roll-back');
  });

  it('goes on then where the policy says so and the paired loss passed', () => {
    const forgiving = inCanary({ onInconclusive: 'promote-on-paired-verdict' });
    const { judgement, next } = judgeStep(forgiving, { hours: better, businessMetric }, hour(maximumHoldHours));
    expect([judgement.verdict, next]).toEqual(['pass', 'advance']);
    expect(judgement.reason).toContain('after 24 hours the policy proceeds on the paired verdict');
  });
});

describe('maturedWindow', () => {
  it('begins with the first whole hour of the rollout and ends where attribution windows have closed', () => {
    expect(maturedWindow({ ...inCanary(), startedAt: hour(0.5) }, 90, hour(10.75))).toEqual({
      from: hour(1),
      to: hour(9),
    });
  });

  it('is empty before the first hour has matured', () => {
    const { from, to } = maturedWindow(inCanary(), 1_440, hour(4));
    expect(from > to).toBe(true);
  });
});

describe('looking repeatedly', () => {
  const { rollout } = defaultPolicy(2);

  it('divides the level over steps, looks and metrics', () => {
    expect(plannedLooks(rollout)).toBe(3 * 6);
    expect(significancePerLook(rollout, 2)).toBeCloseTo(0.05 / 36, 12);
    expect(plannedLooks({ ...rollout, steps: [100] })).toBe(1);
    expect(plannedLooks({ ...rollout, holdHours: 10, maximumHoldHours: 5 })).toBe(3);
  });

  it('rolls back fewer equal candidates than the level says, and promotes most of them, in 300 seeded rollouts', () => {
    const noise = normal(uniform(41));
    const policy = { ...relaxed, holdHours: 24, maximumHoldHours: 144 };
    const ends = Array.from({ length: 300 }, () => simulate(policy, () => 45 * 0.02 * noise()));
    expect(ends.filter((end) => end === 'roll-back').length).toBeLessThanOrEqual(0.05 * 300);
    expect(ends.filter((end) => end === 'promote').length).toBeGreaterThan(0.9 * 300);
  });

  it('promotes a candidate exactly at the margin less often than the level says, in 300 seeded rollouts', () => {
    const noise = normal(uniform(42));
    const policy = { ...relaxed, holdHours: 24, maximumHoldHours: 144 };
    const ends = Array.from({ length: 300 }, () => simulate(policy, () => 45 * (0.02 + 0.05 * noise())));
    expect(ends.filter((end) => end === 'promote').length).toBeLessThanOrEqual(0.05 * 300);
  });

  /** A whole rollout with 100 pairs an hour and labels that mature at once, judged as the workflow would. */
  function simulate(policy: Parameters<typeof inCanary>[0], difference: () => number): string {
    const paired: HourlyPaired[] = [];
    let state = inCanary(policy);
    let at = 0;
    for (let wait = 24; ; ) {
      for (const until = at + wait; at < until; at += 1) paired.push(pairedHour(at, 100, 45, difference()));
      const { next, holdSeconds } = judgeStep(state, { hours: paired, businessMetric: undefined }, hour(at));
      if (next === 'promote' || next === 'roll-back') return next;
      wait = next === 'hold' ? holdSeconds / 3_600 : 24;
      if (next === 'advance') state = { ...state, step: state.step + 1, stepStartedAt: hour(at) };
    }
  }
});
