import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RatioHour, ratioEstimate } from '../../../shared/domain/rollout/ratio-estimate.ts';
import { hourOf } from '../../../shared/domain/time.ts';
import { hour } from './flight-rollouts.ts';
import { normal, uniform } from './seeded.ts';

const series = (differences: readonly number[], base = 50): readonly RatioHour[] =>
  differences.map((difference, index) => ({ hour: hourOf(hour(index)), difference, base }));

describe('ratioEstimate', () => {
  it('has the standard error of a mean where all blocks weigh the same', () => {
    // Student 1908, additional hours of sleep: standard deviation 1.22996, by √10: 0.38895. Days, so that none is correlated.
    const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
    const days = sleep.map((difference, index) => ({ hour: hourOf(hour(24 * index)), difference, base: 1 }));
    expect(ratioEstimate(days, 7)).toMatchObject({
      estimate: expect.closeTo(1.58, 10),
      standardError: expect.closeTo(0.38895, 4),
      freedom: 9,
      unit: 'day',
      blocks: 10,
    });
  });

  it('takes hours until there are enough days', () => {
    const noise = normal(uniform(1));
    const hours = series(Array.from({ length: 168 }, noise));
    expect(ratioEstimate(hours.slice(0, 144), 7)).toMatchObject({ unit: 'hour', blocks: 144 });
    expect(ratioEstimate(hours, 7)).toMatchObject({ unit: 'day', blocks: 7, freedom: 6 });
  });

  it('is wider where neighbouring hours resemble each other', () => {
    const noise = normal(uniform(2));
    const independent = Array.from({ length: 96 }, noise);
    let before = 0;
    const dependent = independent.map((value) => {
      before = 0.7 * before + value;
      return before;
    });
    const factorOf = (differences: readonly number[]) => {
      const { standardError } = ratioEstimate(series(differences), 7);
      const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
      const variance = differences.reduce((all, each) => all + (each - mean) ** 2, 0) / (differences.length - 1);
      return (standardError * 50) / Math.sqrt(variance / differences.length);
    };
    expect(factorOf(independent)).toBeLessThan(1.2);
    // √((1 + 0.7) / (1 - 0.7)) = 2.38.
    expect(factorOf(dependent)).toBeGreaterThan(1.9);
    expect(factorOf(dependent)).toBeLessThan(3);
  });

  it('knows no neighbours across a gap', () => {
    const apart = [5, 5, -5, -5, 5, 5, -5, -5].map((difference, index) => ({
      hour: hourOf(hour(2 * index)),
      difference,
      base: 50,
    }));
    expect(ratioEstimate(apart, 7).freedom).toBe(7);
  });

  it('is of the hours and not of the order in which they come, and relative to the size of the base', () => {
    const values = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 200 });
    fc.assert(
      fc.property(values, (differences) => {
        const there = ratioEstimate(series(differences), 7);
        const back = ratioEstimate(series(differences).toReversed(), 7);
        expect(back.estimate).toBeCloseTo(there.estimate, 10);
        expect(back.standardError).toBeCloseTo(there.standardError, 10);
        const negative = ratioEstimate(series(differences, -50), 7);
        expect(negative.estimate).toBeCloseTo(there.estimate, 10);
      }),
    );
  });
});
