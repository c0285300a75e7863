import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../../shared/domain/health/severity.ts';
import { type DegradationInput, judgeDegradation } from '../../../../shared/domain/health/verdict/judge-degradation.ts';
import { aucDegradation, rmseDegradation } from '../../../../shared/domain/health/verdict/row-degradation.ts';
import { seededRandom } from '../../../../shared/domain/seeded-random.ts';

/** A drop of the AUC with standard errors of 0.003 and 0.004. */
const usual: DegradationInput = {
  effect: 0,
  alternative: 'greater',
  limits: limitsOf(0.05),
  alpha: 0.001,
  variance: { reference: 0.003 ** 2, current: 0.004 ** 2 },
  degreesOfFreedom: Number.POSITIVE_INFINITY,
  n: 5_000,
};
const judge = (change: Partial<DegradationInput>) => judgeDegradation({ ...usual, ...change });

describe('judgeDegradation', () => {
  it.each([
    ['ok', 0],
    ['ok', -0.2],
    ['warning', 0.03],
    ['insufficient-data', 0.045],
    ['breach', 0.05],
  ])('is %s for a sample whose effect is %s', (verdict, effect) => {
    expect(judge({ effect }).verdict).toBe(verdict);
  });

  it('abstains, and says how many rows it needs, while a breach could hide', () => {
    const judged = judge({ n: 500, variance: { reference: 0, current: 0.02 ** 2 } });
    expect(judged.verdict).toBe('insufficient-data');
    // z of 0.001 and of 0.01: 3.0902 + 2.3263.
    expect(judged.nNeeded).toBe(Math.ceil((500 * 0.02 ** 2) / (0.05 / 5.416_58) ** 2));
    expect(judged.lacking).toBe('needs 2,348 rows, has 500');
    expect(judge({ n: 500, variance: { reference: 0.02 ** 2, current: 0.02 ** 2 } })).toMatchObject({
      nNeeded: null,
      lacking: 'the reference has too few rows to find a breach with any number of current ones',
    });
  });

  it('is proven by eight blocks, by fewer only when it is overwhelming', () => {
    expect(judge({ effect: 0.06, blocks: 8 }).verdict).toBe('breach');
    expect(judge({ effect: 0.06, blocks: 7 })).toMatchObject({ verdict: 'warning' });
    expect(judge({ effect: 0.1, blocks: 1 }).verdict).toBe('breach');
    expect(judge({ effect: 0, blocks: 7 })).toMatchObject({
      verdict: 'insufficient-data',
      lacking: 'needs 8 day blocks, has 7',
    });
  });

  it('takes either direction as worse when two-sided', () => {
    for (const effect of [-0.06, 0.06])
      expect(judge({ effect, alternative: 'two-sided' })).toMatchObject({ verdict: 'breach', score: 1 });
  });

  it('never breaches below the limit or without evidence, and is never ok at the limit', () => {
    const input = fc.record({
      effect: fc.double({ min: -1, max: 1, noNaN: true }),
      error: fc.double({ min: 0, max: 1, noNaN: true }),
      blocks: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(input, ({ effect, error, blocks }) => {
        const { verdict, pValue } = judge({ effect, blocks, variance: { reference: 0, current: error ** 2 } });
        if (verdict === 'breach') expect([effect >= 0.05, pValue < 0.001]).toEqual([true, true]);
        if (effect >= 0.05) expect(verdict).not.toBe('ok');
      }),
    );
  });
});

describe('a degradation between two samples', () => {
  const random = seededRandom(7);
  const rows = (count: number, noise: number) => {
    const scores = Array.from({ length: count }, () => random());
    return { scores, labels: scores.map((score) => (score + noise * (random() - 0.5) > 0.5 ? 1 : 0)) };
  };
  const reference = rows(2_000, 1);

  it('gives a small sample at least the spread of the reference', () => {
    const perfect = { scores: [0.1, 0.2, 0.8, 0.9], labels: [0, 0, 1, 1] };
    const shift = aucDegradation(reference, perfect);
    if (shift.value === null) throw new Error(shift.reason);
    expect(shift.value).toBe(1);
    expect(shift.variance.current).toBeGreaterThan(100 * shift.variance.reference);
  });

  it('is undefined without two rows of a class, or without any error in the reference', () => {
    expect(aucDegradation(reference, { scores: [0.1, 0.2, 0.3], labels: [0, 0, 1] })).toMatchObject({
      value: null,
      reason: 'needs two rows of each class, all with a score',
    });
    const exact = { scores: [1, 2, 3], labels: [1, 2, 3] };
    expect(rmseDegradation(exact, exact).value).toBeNull();
    expect(rmseDegradation(reference, { scores: [1], labels: [2] }).value).toBeNull();
  });

  it('is a fifth when every error is a fifth larger', () => {
    const errors = Array.from({ length: 100 }, (_, i) => (i % 2 ? 1 : -1) * (1 + (i % 7)));
    const sample = (scale: number) => ({ scores: errors.map((error) => scale * error), labels: errors.map(() => 0) });
    const shift = rmseDegradation(sample(1), sample(1.2));
    if (shift.value === null) throw new Error(shift.reason);
    expect(shift.effect).toBeCloseTo(0.2, 12);
  });
});
