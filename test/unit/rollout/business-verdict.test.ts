import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmSums } from '../../../shared/domain/ground-truth/aggregates.ts';
import { type ArmHour, armDifference } from '../../../shared/domain/rollout/arm-difference.ts';
import { businessVerdict } from '../../../shared/domain/rollout/business-verdict.ts';
import { significancePerMetric } from '../../../shared/domain/rollout/significance.ts';
import { hourOf } from '../../../shared/domain/time.ts';
import { hour } from './flight-rollouts.ts';
import { normal, uniform } from './seeded.ts';

const limits = {
  metric: { name: 'minutesSaved', direction: 'higher-is-better' },
  dropRatio: 0.03,
  significance: significancePerMetric(2),
  minimumRowsPerArm: 200,
} as const;

/** An arm of n values that alternate between `mean` ± `spread`. */
function even(n: number, mean: number, spread: number): ArmSums {
  return { n, sum: n * mean, sumSquares: n * (mean ** 2 + spread ** 2) };
}

/** `count` hours alike, the mean a little up in one and down in the next. */
function hours(count: number, champion: ArmSums, candidate: ArmSums): readonly ArmHour[] {
  return Array.from({ length: count }, (_, index) => {
    const wobble = 1 + (index % 2 === 0 ? 0.001 : -0.001);
    return { hour: hourOf(hour(index)), champion, candidate: { ...candidate, sum: candidate.sum * wobble } };
  });
}

const day = (champion: ArmSums, candidate: ArmSums) => hours(24, champion, candidate);

describe('businessVerdict', () => {
  it('passes an equal arm of enough rows', () => {
    expect(businessVerdict(day(even(1_000, 10, 1), even(1_000, 10, 1)), limits).evidence).toMatchObject({
      verdict: 'pass',
      relativeChange: expect.closeTo(0, 6),
    });
  });

  it('fails an arm that is clearly more than the limit worse', () => {
    expect(businessVerdict(day(even(1_000, 10, 1), even(1_000, 9.5, 1)), limits).evidence).toMatchObject({
      verdict: 'fail',
      relativeChange: expect.closeTo(-0.05, 6),
    });
  });

  it('passes an arm that is proven worse, but by less than is tolerated', () => {
    const { evidence } = businessVerdict(day(even(5_000, 10, 1), even(5_000, 9.9, 1)), limits);
    expect(evidence.verdict).toBe('pass');
    expect(evidence.interval?.[1]).toBeLessThan(0);
  });

  it('knows that a rise is a worsening where lower is better', () => {
    const lower = { ...limits, metric: { name: 'complaints', direction: 'lower-is-better' } } as const;
    const verdictAt = (mean: number, of = lower as typeof limits | typeof lower) =>
      businessVerdict(day(even(1_000, 10, 1), even(1_000, mean, 1)), of).evidence.verdict;
    expect(verdictAt(10.5)).toBe('fail');
    expect(verdictAt(9)).toBe('pass');
    expect(verdictAt(10.5, limits)).toBe('pass');
  });

  it('knows the better direction of a metric that is negative', () => {
    expect(businessVerdict(day(even(1_000, -10, 1), even(1_000, -11, 1)), limits).evidence).toMatchObject({
      verdict: 'fail',
      relativeChange: expect.closeTo(-0.1, 6),
    });
  });

  it.each([
    ['too few rows in either arm', hours(24, even(500, 10, 1), even(1, 1, 0)), 'needs 200 rows per arm, has 24'],
    ['no data', [], 'needs 200 rows per arm, has 0'],
    ['a champion at 0', day(even(500, 0, 1), even(500, 1, 1)), "the champion's mean is 0"],
  ])('is inconclusive with %s, however clear it looks', (_, given, reason) => {
    const result = businessVerdict(given, limits);
    expect(result.evidence).toMatchObject({ verdict: 'inconclusive', interval: null });
    expect(result.reason).toContain(reason);
  });

  it('passes nothing before twelve hours, and fails what is clearly worse within the first', () => {
    const verdictOf = (count: number, mean: number) =>
      businessVerdict(hours(count, even(5_000, 10, 1), even(5_000, mean, 1)), limits);
    expect(verdictOf(11, 10)).toMatchObject({
      evidence: { verdict: 'inconclusive', interval: null },
      reason: expect.stringContaining('no interval yet from 11 hours'),
    });
    expect(verdictOf(12, 10).evidence.verdict).toBe('pass');
    expect(verdictOf(1, 9).evidence.verdict).toBe('fail');
  });

  it('fails a candidate that breaks half-way, however much its hours differ', () => {
    const steady = hours(12, even(950, 10, 1), even(50, 10, 1));
    const broken = hours(18, even(950, 10, 1), even(50, 8, 1)).slice(12);
    expect(businessVerdict([...steady, ...broken], limits).evidence.verdict).toBe('fail');
  });

  it('does not fail a candidate only because the first of its rare events has not come', () => {
    const rare = { n: 10_000, sum: 10, sumSquares: 10 };
    const none = { n: 100, sum: 0, sumSquares: 0 };
    expect(businessVerdict(day(rare, none), limits).evidence).toMatchObject({
      verdict: 'inconclusive',
      relativeChange: -1,
    });
  });

  it('needs about 40,000 rows of the candidate for a drop of 3 % of a rate of 20 %', () => {
    const converting = (n: number): ArmSums => ({ n, sum: n / 5, sumSquares: n / 5 });
    const { evidence, reason } = businessVerdict(hours(24, converting(9_500), converting(500)), limits);
    const { needed = 0, has } = evidence.sequence ?? {};
    expect(needed).toBeGreaterThan(36_000);
    expect(needed).toBeLessThan(46_000);
    expect(has).toBe(12_000);
    expect(reason).toContain(`needs about ${needed} rows of the candidate, has 12000`);
  });
});

describe('armDifference', () => {
  it('is not confounded by shares that grow while the level falls', () => {
    // The candidate is equal in every hour, and would look 30 % worse in the pooled means.
    const steps = hours(48, even(1, 1, 0), even(1, 1, 0)).map((each, index) => {
      const [mean, share] = index < 24 ? [20, 0.05] : [10, 0.5];
      return { ...each, champion: even(1_000 * (1 - share), mean, 1), candidate: even(1_000 * share, mean, 1) };
    });
    expect(armDifference(steps).change?.seen.estimate).toBeCloseTo(0, 12);
  });

  const arm = fc
    .record({ n: fc.integer({ min: 0, max: 500 }), mean: fc.double({ min: 1, max: 50, noNaN: true }) })
    .map(({ n, mean }) => even(n, mean, mean / 3));
  const someHours = fc
    .array(fc.record({ champion: arm, candidate: arm }), { minLength: 12, maxLength: 60 })
    .map((arms) => arms.map((each, index) => ({ ...each, hour: hourOf(hour(index)) })));

  it('does not depend on the order in which hours are handed over', () => {
    fc.assert(
      fc.property(someHours, fc.integer(), (given, seed) => {
        const next = uniform(seed);
        const shuffled = given.toSorted(() => next() - 0.5);
        const [a, b] = [armDifference(given).change?.general, armDifference(shuffled).change?.general];
        expect(b?.estimate).toBeCloseTo(a?.estimate ?? Number.NaN, 9);
        expect(b?.standardError).toBeCloseTo(a?.standardError ?? Number.NaN, 9);
      }),
    );
  });

  it('does not change when the unit of the metric does', () => {
    const scaled = ({ n, sum, sumSquares }: ArmSums) => ({ n, sum: 7 * sum, sumSquares: 49 * sumSquares });
    fc.assert(
      fc.property(someHours, (given) => {
        const other = given.map((each) => ({
          ...each,
          champion: scaled(each.champion),
          candidate: scaled(each.candidate),
        }));
        const [a, b] = [armDifference(given).change?.general, armDifference(other).change?.general];
        if (a === undefined) return;
        expect(b?.estimate).toBeCloseTo(a.estimate, 9);
        expect(b?.standardError).toBeCloseTo(a.standardError, 9);
      }),
    );
  });

  it('is wider than the rows alone would make it where hours differ', () => {
    const noise = normal(uniform(7));
    const calm = day(even(1_000, 10, 1), even(1_000, 10, 1));
    const wild = calm.map((each) => ({ ...each, candidate: even(1_000, 10 + 2 * noise(), 1) }));
    expect(armDifference(wild).change?.general.standardError).toBeGreaterThan(
      5 * (armDifference(calm).change?.general.standardError ?? Number.POSITIVE_INFINITY),
    );
  });
});
