import { describe, expect, it } from 'vitest';
import type { HourlyPaired } from '../../../shared/domain/ground-truth/aggregates.ts';
import { judgeStep as judge, type StepData } from '../../../shared/domain/rollout/judge-step.ts';
import { maturedWindow } from '../../../shared/domain/rollout/matured-window.ts';
import type { RolloutState } from '../../../shared/domain/rollout/rollout.ts';
import {
  rolloutSignificance,
  sampleRatioSignificance,
  significancePerMetric,
} from '../../../shared/domain/rollout/significance.ts';
import { hourStart, toMillis } from '../../../shared/domain/time.ts';
import { hour, inCanary, noArm, pairedHour } from './flight-rollouts.ts';
import { normal, uniform } from './seeded.ts';

const businessMetric = { name: 'minutesSaved', direction: 'higher-is-better' } as const;
const bigArm = { n: 500, sum: 5_000, sumSquares: 50_500 };

const none = { champion: 0, candidate: 0 };

/** Matured to the end of the last of the `hours`, the arms as the routing table says, unless said otherwise. */
function judgeStep(
  rollout: RolloutState,
  data: Pick<StepData, 'hours' | 'businessMetric'> & Partial<StepData>,
  now: string,
) {
  const last = data.hours.at(-1)?.hour;
  const maturedUntil = last === undefined ? now : hour((toMillis(hourStart(last)) - toMillis(hour(0))) / 3_600_000 + 1);
  return judge(rollout, { counts: { served: none, labelled: none }, maturedUntil, ...data }, now);
}

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

  it('takes business figures from the running step only, where the starts of the others were not kept', () => {
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

describe('the arms', () => {
  const arms = { older: bigArm, newer: bigArm };
  const hoursOf = (difference: number) => ({ hours: hours(difference, arms), businessMetric });
  const as = (champion: number, candidate: number) => ({ champion, candidate });

  it('with another ratio of rows than the routing table says are never a pass, and no fail either', () => {
    const counts = { served: as(9_500, 500), labelled: as(9_500, 300) };
    const passing = judgeStep(inCanary(), { ...hoursOf(-0.05), counts }, hour(4));
    expect(passing).toMatchObject({
      judgement: { verdict: 'inconclusive', sampleRatio: { labelled: { verdict: 'mismatch' } } },
      next: 'hold',
    });
    expect(passing.judgement.reason).toMatch(
      /^sample ratio mismatch: the candidate has 3.06 % of 9800 rows with an outcome, expected 5 %/,
    );
    const worseArm = { older: bigArm, newer: { n: 500, sum: 4_500, sumSquares: 41_000 } };
    const failing = { hours: hours(-0.05, worseArm), businessMetric };
    expect(judgeStep(inCanary(), failing, hour(4)).judgement.verdict).toBe('fail');
    expect(judgeStep(inCanary(), { ...failing, counts }, hour(4)).judgement.verdict).toBe('inconclusive');
  });

  it('do not excuse a worse loss by their ratio of rows, since both score all rows', () => {
    const counts = { served: as(9_500, 300), labelled: as(0, 0) };
    expect(judgeStep(inCanary(), { ...hoursOf(0.2), counts }, hour(4)).judgement.verdict).toBe('fail');
  });

  it('must have rows in the running step', () => {
    const second = { ...inCanary(), step: 1, stepStartedAt: hour(24), stepStarts: [hour(0), hour(24)] };
    const { judgement } = judgeStep(second, hoursOf(-0.05), hour(24));
    expect(judgement).toMatchObject({ verdict: 'inconclusive', business: { candidate: { n: 12_000 } } });
    expect(judgement.reason).toContain('needs 200 rows per arm in this step, has 0');
  });

  it('count over all steps, without the hours in which their shares changed', () => {
    const second = { ...inCanary(), step: 1, stepStartedAt: hour(12.5), stepStarts: [hour(0), hour(12.5)] };
    expect(judgeStep(second, hoursOf(-0.05), hour(24)).judgement).toMatchObject({
      verdict: 'pass',
      business: { candidate: { n: 23 * 500 } },
    });
  });

  it('of which the candidate errs more roll back', () => {
    const errors = { champion: { requests: 9_500, errors: 5 }, candidate: { requests: 500, errors: 100 } };
    const { judgement, next } = judgeStep(inCanary(), { ...hoursOf(-0.05), errors }, hour(4));
    expect(judgement).toMatchObject({ verdict: 'fail', errors: { verdict: 'fail' } });
    expect(judgement.reason).toContain("20.00 % of the candidate's");
    expect(next).toBe('roll-back');
  });
});

describe('a stop of the traffic', () => {
  it('holds, whatever was seen before', () => {
    const { judgement, next } = judgeStep(
      inCanary(),
      { hours: better, businessMetric: undefined, maturedUntil: hour(28) },
      hour(4),
    );
    expect([judgement.verdict, next]).toEqual(['inconclusive', 'hold']);
    expect(judgement.reason).toMatch(/^no row of the last 4 matured hours/);
  });
});

describe('a model whose outcome depends on the action', () => {
  const depends = { businessMetric, outcomeDependsOnAction: true };
  const arms = { older: bigArm, newer: bigArm };

  it('is judged by its arms alone', () => {
    const { judgement, next } = judgeStep(inCanary(), { ...depends, hours: hours(0.2, arms) }, hour(4));
    expect([judgement.verdict, next]).toEqual(['pass', 'advance']);
    expect(judgement.reason).toContain('which does not count: the outcome depends on the action');
  });

  it('never passes on what only scored along, whatever the policy says', () => {
    const forgiving = inCanary({ ...relaxed, onInconclusive: 'promote-on-paired-verdict' });
    const limit = forgiving.policy.maximumHoldHours;
    expect(judgeStep(forgiving, { ...depends, hours: better }, hour(4)).next).toBe('hold');
    expect(judgeStep(forgiving, { ...depends, hours: better }, hour(limit)).next).toBe('roll-back');
    const without = { outcomeDependsOnAction: true, businessMetric: undefined };
    expect(judgeStep(forgiving, { ...without, hours: better }, hour(limit)).next).toBe('roll-back');
  });

  it('has the whole level for its one metric', () => {
    const { judgement } = judgeStep(inCanary(), { ...depends, hours: hours(-0.05, arms) }, hour(4));
    expect(judgement.business?.sequence?.significance).toBe(significancePerMetric(1));
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
  it('divides the level over metrics and the sample ratio, and not over steps or looks', () => {
    expect(2 * significancePerMetric(2) + sampleRatioSignificance).toBeCloseTo(rolloutSignificance, 12);
    expect(significancePerMetric(1)).toBeLessThan(rolloutSignificance);
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
