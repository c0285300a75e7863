import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../../shared/domain/health/chi-square-tail.ts';
import { gTest } from '../../../shared/domain/health/g-test.ts';
import { kullbackLeibler } from '../../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../../shared/domain/health/population-stability-index.ts';
import { twoProportionTest } from '../../../shared/domain/health/two-proportion-test.ts';
import oracles from './fixtures/shift-oracles.json' with { type: 'json' };

/** 1e-9 relative, as the oracles promise. */
function expectClose(actual: number | null, expected: number | null): void {
  if (expected === null) expect(actual).toBeNull();
  else expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-15);
}

describe('shifts of binned samples', () => {
  it.each(oracles.shifts)('agree with $origin', ({ reference, current, ...expected }) => {
    const psi = populationStabilityIndex(reference, current);
    expectClose(psi.value, expected.psi);
    expectClose(psi.pValue, expected.psiPValue);
    expectClose(kullbackLeibler(reference, current).value, expected.klCurrentReference);
    const g = gTest(reference, current);
    if (expected.g !== undefined) expectClose(g.value, expected.g);
    if (expected.gPValue !== undefined) expectClose(g.pValue, expected.gPValue);
  });

  it.each(oracles.missingRates)('agree on the missing rate with $origin', ({ reference, current, z, pValue }) => {
    const test = twoProportionTest(reference, current);
    expectClose(test.value, z);
    expect(Math.abs((test.pValue ?? 1) - pValue)).toBeLessThanOrEqual(1e-6 * pValue);
  });
});

describe('chiSquareTail', () => {
  it('gives the tabulated 5 % points', () => {
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
    expect(chiSquareTail(16.918977604620448, 9)).toBeCloseTo(0.05, 12);
  });

  it('keeps its digits where 1 - cdf is 0', () => {
    expect(chiSquareTail(873.1581606603303, 10) / 3.8031469938153795e-181).toBeCloseTo(1, 8);
  });
});

describe('no count gives NaN, a negative divergence or an exception', () => {
  const counts = (bins: number) =>
    fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: bins, maxLength: bins });
  const pairs = fc.integer({ min: 0, max: 30 }).chain((bins) => fc.tuple(counts(bins), counts(bins)));

  it.each([
    ['psi', populationStabilityIndex],
    ['kl', kullbackLeibler],
    ['g', gTest],
  ])('in %s', (_name, measure) => {
    fc.assert(
      fc.property(pairs, ([reference, current]) => {
        const { value, pValue } = measure(reference, current);
        if (value === null) expect(Math.min(sum(reference), sum(current))).toBe(0);
        else expect(value).toBeGreaterThanOrEqual(-1e-9);
        if (pValue !== null) expect(pValue >= 0 && pValue <= 1).toBe(true);
      }),
    );
  });

  it('and a sample does not differ from itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }).chain(counts), (sample) => {
        fc.pre(sum(sample) > 0);
        expect(populationStabilityIndex(sample, sample)).toMatchObject({ value: 0, pValue: 1 });
        expect(kullbackLeibler(sample, sample).value).toBeCloseTo(0, 12);
        expect(gTest(sample, sample).value).toBeCloseTo(0, 9);
      }),
    );
  });

  it('says why it is undefined', () => {
    const reason = 'no valid value in the window';
    expect(populationStabilityIndex([1, 2], [0, 0])).toEqual({ value: null, pValue: null, reason });
    expect(kullbackLeibler([1, 2], [0, 0])).toEqual({ value: null, pValue: null, reason });
    expect(twoProportionTest({ count: 0, n: 5 }, { count: 0, n: 7 })).toMatchObject({
      reason: 'the rate is 0 on both sides',
    });
  });

  it('has no p-value for a single bin', () => {
    expect(populationStabilityIndex([30], [12])).toMatchObject({ value: 0, pValue: null, degreesOfFreedom: 0 });
    expect(gTest([30, 0], [12, 0])).toMatchObject({ value: 0, pValue: null });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
