import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alphaOf,
  type BudgetedTest,
  qValues,
  testsPerFeature,
  windowShares,
} from '../../../shared/domain/health/alert-budget.ts';
import { effectiveLooks } from '../../../shared/domain/health/effective-looks.ts';
import { maximumJudgedFeatures, sampledFeatures } from '../../../shared/domain/health/sampled-features.ts';

const hour = { windowMinutes: 60, intervalMinutes: 15 };
const week = { windowMinutes: 10_080, intervalMinutes: 15 };

const budgeted: fc.Arbitrary<BudgetedTest> = fc.record({
  budgetPerWeek: fc.double({ min: 0.01, max: 10, noNaN: true }),
  tests: fc.integer({ min: 1, max: 1_000_000 }),
  window: fc.constantFrom('short', 'long'),
  windowMinutes: fc.integer({ min: 60, max: 10_080 }),
  intervalMinutes: fc.integer({ min: 5, max: 45 }),
});

describe('the significance level of a test', () => {
  it('spends no more than the budget: level × looks × tests is at most the share of the window', () => {
    fc.assert(
      fc.property(budgeted, (test) => {
        const alpha = alphaOf(test);
        const spent = alpha * effectiveLooks(test, alpha) * test.tests;
        expect(spent).toBeLessThanOrEqual(test.budgetPerWeek * windowShares[test.window] * (1 + 1e-6));
        expect(alpha).toBeGreaterThan(0);
      }),
    );
  });

  it('is no smaller than it has to be, unless evidence would be weaker than 1 in 100', () => {
    fc.assert(
      fc.property(budgeted, (test) => {
        const alpha = alphaOf(test);
        const spent = alpha * effectiveLooks(test, alpha) * test.tests;
        expect(alpha === 0.01 || spent > 0.999 * test.budgetPerWeek * windowShares[test.window]).toBe(true);
      }),
    );
  });

  it('falls with more tests and rises with a larger budget', () => {
    const of = (tests: number, budgetPerWeek: number) => alphaOf({ ...week, window: 'long', tests, budgetPerWeek });
    expect(of(2_000, 1)).toBeLessThan(of(1_000, 1));
    expect(of(1_000, 2)).toBeGreaterThan(of(1_000, 1));
  });

  it('is a few in a million for a team with 20 models of 20 features and one false alarm a week', () => {
    const team = { tests: 20 * 20 * testsPerFeature, budgetPerWeek: 1 };
    expect(alphaOf({ ...week, ...team, window: 'long' })).toBeCloseTo(1.29e-5, 7);
    expect(alphaOf({ ...hour, ...team, window: 'short' })).toBeCloseTo(6.3e-7, 8);
  });

  it('spends the whole budget on the two windows', () => {
    expect(windowShares.short + windowShares.long).toBe(1);
  });
});

describe('the looks of a week', () => {
  it('are all evaluations where windows do not overlap, and fewer where they do', () => {
    expect(effectiveLooks({ windowMinutes: 60, intervalMinutes: 60 }, 1e-6)).toBeCloseTo(168, 0);
    expect(effectiveLooks(hour, 1e-6)).toBeLessThan(672);
    expect(effectiveLooks(week, 1e-6)).toBeLessThan(50);
  });

  it('grow with more frequent evaluations, up to a limit', () => {
    const every = (intervalMinutes: number) => effectiveLooks({ windowMinutes: 10_080, intervalMinutes }, 1e-5);
    expect(every(5)).toBeGreaterThan(every(45));
    expect(every(5)).toBeLessThan(1.3 * every(45));
  });
});

describe('q-values', () => {
  it('are those of Benjamini and Hochberg’s own example', () => {
    const pValues = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719];
    const all = qValues([...pValues, 0.6528, 0.759, 1]);
    expect(all.filter((q) => q !== null && q <= 0.05)).toHaveLength(4);
    expect(all[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
  });

  it('keep the order of the p-values and are never below them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
        const all = qValues(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(all[i]).toBeGreaterThanOrEqual(p);
          for (const [j, other] of pValues.entries()) if (p < other) expect(all[i]!).toBeLessThanOrEqual(all[j]!);
        }
      }),
    );
  });

  it('leave out tests without a p-value', () => {
    expect(qValues([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
  });
});

describe('the features that are judged', () => {
  const features = Array.from({ length: 300 }, (_, i) => ({ name: `f${i}`, importance: i % 100 }));

  it('are the most important ones, in their own order', () => {
    const kept = sampledFeatures(features);
    expect(kept).toHaveLength(maximumJudgedFeatures);
    expect(Math.min(...kept.map(({ importance }) => importance))).toBe(33);
    expect(kept).toEqual(features.filter((feature) => kept.includes(feature)));
  });

  it('are all of them up to the limit', () => {
    expect(sampledFeatures(features, 300)).toBe(features);
  });
});
