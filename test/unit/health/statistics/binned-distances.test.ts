import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gTest } from '../../../../shared/domain/health/g-test.ts';
import { kullbackLeibler } from '../../../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../../../shared/domain/health/population-stability-index.ts';
import { plainShares } from '../../../../shared/domain/health/smoothed-shares.ts';
import { categoryCounts } from '../../../../shared/domain/health/statistics/category-counts.ts';
import { chebyshevDistance } from '../../../../shared/domain/health/statistics/chebyshev-distance.ts';
import { chiSquareQuantile } from '../../../../shared/domain/health/statistics/chi-square-quantile.ts';
import { chiSquareTest } from '../../../../shared/domain/health/statistics/chi-square-test.ts';
import { fisherExactTest } from '../../../../shared/domain/health/statistics/fisher-exact-test.ts';
import { hellinger } from '../../../../shared/domain/health/statistics/hellinger.ts';
import { jensenShannon } from '../../../../shared/domain/health/statistics/jensen-shannon.ts';
import { poolSparseBins } from '../../../../shared/domain/health/statistics/pool-sparse-bins.ts';
import { totalVariation } from '../../../../shared/domain/health/statistics/total-variation.ts';
import { unseenCategoryTest } from '../../../../shared/domain/health/statistics/unseen-category-test.ts';
import oracles from '../fixtures/statistics-oracles.json' with { type: 'json' };
import { expectClose } from './close.ts';

type Counts = readonly number[];
type Measure = (reference: Counts, current: Counts) => { readonly value: number | null };

const jensenShannonDistance: Measure = (reference, current) => {
  const js = jensenShannon(reference, current);
  return js.value === null ? js : { value: js.distance };
};

const distances: Readonly<Record<string, Measure>> = {
  jensenShannon,
  jensenShannonDistance,
  totalVariation,
  chebyshev: chebyshevDistance,
  hellinger,
};
const tests: Readonly<Record<string, Measure>> = {
  psi: populationStabilityIndex,
  kullbackLeibler,
  chiSquare: chiSquareTest,
  gTest,
};
const all = Object.entries({ ...distances, ...tests });

const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000 }));
const pairs = fc
  .integer({ min: 0, max: 20 })
  .chain((bins) => fc.array(fc.tuple(count, count), { minLength: bins, maxLength: bins }))
  .map((columns) => [columns.map(([r]) => r), columns.map(([, c]) => c)] as const);
const filled = pairs.filter(([reference, current]) => total(reference) > 0 && total(current) > 0);

describe('distances of binned samples', () => {
  it.each(oracles.binned)('agree with $origin', ({ reference, current, ...expected }) => {
    expectClose(populationStabilityIndex(reference, current).value, expected.psi);
    expectClose(kullbackLeibler(reference, current).value, expected.klCurrentReference);
    expectClose(kullbackLeibler(current, reference).value, expected.klReferenceCurrent);
    expectClose(jensenShannonDistance(reference, current).value, expected.jensenShannonDistance);
    expectClose(totalVariation(reference, current).value, expected.totalVariation);
    expectClose(chebyshevDistance(reference, current).value, expected.chebyshev);
    expectClose(hellinger(reference, current).value, expected.hellinger);
  });

  it.each(oracles.binned.filter(({ chiSquare }) => chiSquare !== null))(
    'are tested as in $origin',
    ({ reference, current, chiSquare, gTest: g, yates, fisherPValue }) => {
      const test = chiSquareTest(reference, current);
      expectClose(test.value, chiSquare!.statistic);
      expectClose(test.pValue, chiSquare!.pValue, 1e-6);
      expectClose(test.value === null ? null : test.cramersV, chiSquare!.cramersV);
      expectClose(gTest(reference, current).value, g!.statistic);
      if (yates !== null) expectClose(chiSquareTest(reference, current, 'yates').pValue, yates.pValue, 1e-6);
      if (fisherPValue !== null) {
        const [before, now] = [reference, current].map((counts) => ({ count: counts[0]!, n: total(counts) }));
        expectClose(fisherExactTest(before!, now!).pValue, fisherPValue, 1e-6);
      }
    },
  );

  it.each(all)('%s is a number ≥ 0, or undefined with a reason', (_name, measure) => {
    fc.assert(
      fc.property(pairs, ([reference, current]) => {
        const result = measure(reference, current);
        if (result.value === null) expect(result).toHaveProperty('reason');
        else expect(result.value).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it.each(Object.entries(distances))('%s stays within 0 and 1 and does not depend on the side', (_name, measure) => {
    fc.assert(
      fc.property(filled, ([reference, current]) => {
        const there = measure(reference, current).value ?? Number.NaN;
        const back = measure(current, reference).value ?? Number.NaN;
        expect(there >= 0 && there <= 1).toBe(true);
        expect(back).toBeCloseTo(there, 9);
      }),
    );
  });

  it.each(Object.entries(distances))(
    '%s is 0 between a sample and itself and 1 at most when they are disjoint',
    (_n, measure) => {
      expect(measure([3, 0, 7], [3, 0, 7]).value).toBe(0);
      expect(measure([5, 0], [0, 9]).value).toBeCloseTo(1, 12);
    },
  );

  it.each(all)('%s does not depend on the order of the bins', (_name, measure) => {
    fc.assert(
      fc.property(filled, ([reference, current]) => {
        const turned = measure([...reference].reverse(), [...current].reverse()).value ?? 0;
        expect(turned).toBeCloseTo(measure(reference, current).value ?? 0, 6);
      }),
    );
  });

  it.each(all)('%s grows as more rows move', (_name, measure) => {
    const values = [0, 10, 20, 40, 80].map(
      (moved) => measure([100, 100, 100], [100 - moved, 100, 100 + moved]).value ?? 0,
    );
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
  });

  it('leaves the divergence undefined where it would be infinite', () => {
    expect(kullbackLeibler([5, 0], [4, 1], plainShares)).toMatchObject({
      value: null,
      reason: /empty in the reference/,
    });
    expect(kullbackLeibler([4, 1], [5, 0], plainShares).value).toBeCloseTo(Math.log(1.25), 12);
  });
});

describe('chiSquareQuantile', () => {
  it('gives the tabulated points', () => {
    expect(chiSquareQuantile(0.05, 9)).toBeCloseTo(16.918977604620448, 10);
    expect(chiSquareQuantile(0.001, 1)).toBeCloseTo(10.827566170662733, 10);
  });
});

describe('fisherExactTest', () => {
  it('tastes tea (Fisher 1935: three of four cups right, p 0.4857)', () => {
    expect(fisherExactTest({ count: 3, n: 4 }, { count: 1, n: 4 })).toEqual({
      value: 9,
      pValue: expect.closeTo(34 / 70, 12),
    });
  });

  it('is a probability for any table', () => {
    const side = fc.nat(3_000).chain((n) => fc.record({ count: fc.nat(n), n: fc.constant(n) }));
    fc.assert(
      fc.property(side, side, (reference, current) => {
        const { pValue } = fisherExactTest(reference, current);
        if (pValue === null) expect(Math.min(reference.n, current.n)).toBe(0);
        else expect(pValue >= 0 && pValue <= 1).toBe(true);
      }),
    );
  });
});

describe('categoryCounts', () => {
  it('is on the union of both sides, in code-point order, and counts the rest apart', () => {
    expect(categoryCounts(['b', null, 'b', '__proto__', 'a'], ['\u{1F600}', '\uFF5E', 'a', undefined, 'a'])).toEqual({
      categories: ['__proto__', 'a', 'b', '\uFF5E', '\u{1F600}'],
      reference: [1, 1, 2, 0, 0],
      current: [0, 2, 0, 1, 1],
      missing: { reference: 1, current: 1 },
      unseen: 2,
      singletons: 2,
    });
  });
});

describe('poolSparseBins', () => {
  it('leaves no expected count below five while two bins remain, and no row out', () => {
    fc.assert(
      fc.property(filled, ([reference, current]) => {
        const { reference: before, current: now } = poolSparseBins(reference, current);
        expect([total(before), total(now)]).toEqual([total(reference), total(current)]);
        const test = chiSquareTest(before, now);
        if (test.value !== null && test.degreesOfFreedom > 0)
          expect(test.minimumExpected).toBeGreaterThanOrEqual(5 - 1e-9);
      }),
    );
  });

  it('changes nothing where all are large', () => {
    expect(poolSparseBins([50, 60], [40, 70])).toEqual({ reference: [50, 60], current: [40, 70], pooled: 0 });
  });
});

describe('unseenCategoryTest', () => {
  it('expects as many unseen rows as the reference has categories seen once', () => {
    const usual = unseenCategoryTest({ singletons: 40, n: 1_000 }, { unseen: 42, n: 1_000 });
    expect(usual.pValue).toBeGreaterThan(0.5);
    const strange = unseenCategoryTest({ singletons: 40, n: 1_000 }, { unseen: 120, n: 1_000 });
    expect(strange.value).toBeGreaterThan(0);
    expect(strange.pValue).toBeLessThan(1e-9);
  });
});

function total(counts: Counts): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
