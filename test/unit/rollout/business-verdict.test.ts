import { describe, expect, it } from 'vitest';
import type { ArmSums } from '../../../shared/domain/ground-truth/aggregates.ts';
import { businessVerdict } from '../../../shared/domain/rollout/business-verdict.ts';
import { normal, uniform } from './seeded.ts';

const limits = {
  metric: { name: 'minutesSaved', direction: 'higher-is-better' },
  dropRatio: 0.03,
  significance: 0.05,
  minimumRowsPerArm: 200,
} as const;

function arm(values: readonly number[]): ArmSums {
  return {
    n: values.length,
    sum: values.reduce((a, b) => a + b, 0),
    sumSquares: values.reduce((a, b) => a + b * b, 0),
  };
}

/** An arm of n values that alternate between `mean` ± `spread`. */
function even(n: number, mean: number, spread: number): ArmSums {
  return arm(Array.from({ length: n }, (_, index) => mean + (index % 2 === 0 ? spread : -spread)));
}

describe('businessVerdict', () => {
  it('passes an equal arm of enough rows', () => {
    expect(businessVerdict(even(5_000, 10, 1), even(5_000, 10, 1), limits).evidence).toMatchObject({
      verdict: 'pass',
      relativeChange: 0,
    });
  });

  it('fails an arm that is clearly more than the limit worse', () => {
    expect(businessVerdict(even(5_000, 10, 1), even(5_000, 9.5, 1), limits).evidence).toMatchObject({
      verdict: 'fail',
      relativeChange: -0.05,
    });
  });

  it('knows that a rise is a worsening where lower is better', () => {
    const lower = { ...limits, metric: { name: 'complaints', direction: 'lower-is-better' } } as const;
    expect(businessVerdict(even(5_000, 10, 1), even(5_000, 10.5, 1), lower).evidence).toMatchObject({
      verdict: 'fail',
      relativeChange: 0.05,
    });
    expect(businessVerdict(even(5_000, 10, 1), even(5_000, 9, 1), lower).evidence.verdict).toBe('pass');
    expect(businessVerdict(even(5_000, 10, 1), even(5_000, 10.5, 1), limits).evidence.verdict).toBe('pass');
  });

  it('knows the better direction of a metric that is negative', () => {
    expect(businessVerdict(even(5_000, -10, 1), even(5_000, -11, 1), limits).evidence).toMatchObject({
      verdict: 'fail',
      relativeChange: -0.1,
    });
  });

  it('is inconclusive with too few rows in either arm, however clear they look', () => {
    const result = businessVerdict(even(5_000, 10, 1), even(40, 1, 1), limits);
    expect(result.evidence).toMatchObject({ verdict: 'inconclusive', candidate: { n: 40, mean: 1 }, interval: null });
    expect(result.reason).toBe('needs 200 rows per arm, has 40');
  });

  it('says how many rows a noisy comparison would need', () => {
    // Half-width of the relative change: 1.645 · sqrt(2 · 0.5² / 500) = 0.052; (0.052 / 0.03)² · 500 ≈ 1,504 rows.
    const { evidence, reason } = businessVerdict(even(500, 10, 5), even(500, 10, 5), limits);
    expect(evidence.verdict).toBe('inconclusive');
    const needed = Number(/needs about (\d+) rows per arm, has 500/.exec(reason)?.[1]);
    expect(Math.abs(needed - 1_504)).toBeLessThan(20);
  });

  it('has the interval of a two-sample t test when the arms are alike', () => {
    // Five values each, mean 10, sample variance 2.5: 8 degrees of freedom, t(0.95) = 1.859548 (tables), √(2 · 2.5 / 5) / 10 = 0.1.
    const five = arm([8, 9, 10, 11, 12]);
    const { evidence } = businessVerdict(five, five, { ...limits, minimumRowsPerArm: 5 });
    expect(evidence.interval?.[0]).toBeCloseTo(-0.1859548, 6);
    expect(evidence.interval?.[1]).toBeCloseTo(0.1859548, 6);
  });

  it('takes the degrees of freedom of Welch when one arm decides', () => {
    // The champion's arm does not vary: 4 degrees of freedom, t(0.95) = 2.131847, √(2.5 / 5) / 10 = 0.0707.
    const { evidence } = businessVerdict(arm([10, 10, 10, 10, 10]), arm([8, 9, 10, 11, 12]), {
      ...limits,
      minimumRowsPerArm: 5,
    });
    expect(evidence.interval?.[1]).toBeCloseTo(2.131847 * 0.0707107, 5);
  });

  it('has no relative change of a champion at 0', () => {
    expect(businessVerdict(even(500, 0, 1), even(500, 1, 1), limits).evidence.verdict).toBe('inconclusive');
    expect(businessVerdict(arm(Array(500).fill(0)), arm(Array(500).fill(0)), limits).evidence.verdict).toBe(
      'inconclusive',
    );
  });

  it('compares constant arms', () => {
    expect(businessVerdict(even(500, 10, 0), even(500, 9, 0), limits).evidence).toMatchObject({
      verdict: 'fail',
      interval: [-0.1, -0.1],
    });
  });

  it('passes and fails an arm exactly at the limit about as often as the level says, in 1,000 seeded trials', () => {
    const noise = normal(uniform(21));
    const draw = (n: number, mean: number, spread: number) =>
      arm(Array.from({ length: n }, () => mean + spread * noise()));
    const verdicts = Array.from(
      { length: 1_000 },
      () => businessVerdict(draw(600, 10, 3), draw(300, 9.7, 5), limits).evidence.verdict,
    );
    for (const verdict of ['pass', 'fail']) {
      const times = verdicts.filter((each) => each === verdict).length;
      expect(times).toBeGreaterThan(25);
      expect(times).toBeLessThan(75);
    }
  });
});
