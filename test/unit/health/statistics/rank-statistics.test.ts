import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cramerVonMises } from '../../../../shared/domain/health/statistics/cramer-von-mises.ts';
import { cramerVonMisesTail } from '../../../../shared/domain/health/statistics/cramer-von-mises-tail.ts';
import { energyDistance } from '../../../../shared/domain/health/statistics/energy-distance.ts';
import {
  greatestCommonDivisor,
  kolmogorovExactTail,
} from '../../../../shared/domain/health/statistics/kolmogorov-exact.ts';
import { kolmogorovMatrix } from '../../../../shared/domain/health/statistics/kolmogorov-matrix.ts';
import { effectiveRows, kolmogorovSmirnov } from '../../../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { kolmogorovLimitTail, kolmogorovTail } from '../../../../shared/domain/health/statistics/kolmogorov-tail.ts';
import { mannWhitney } from '../../../../shared/domain/health/statistics/mann-whitney.ts';
import { populationDeviation } from '../../../../shared/domain/health/statistics/moments.ts';
import {
  mergeSamples,
  orderedCounts,
  type PlacedCounts,
} from '../../../../shared/domain/health/statistics/ordered-counts.ts';
import { pelzGood } from '../../../../shared/domain/health/statistics/pelz-good.ts';
import { sortedSample } from '../../../../shared/domain/health/statistics/sorted-sample.ts';
import { normalizedWasserstein, wasserstein } from '../../../../shared/domain/health/statistics/wasserstein.ts';
import oracles from '../fixtures/statistics-oracles.json' with { type: 'json' };
import { expectClose } from './close.ts';

type Column = readonly (number | null)[];

const merge = (reference: Column, current: Column) => mergeSamples(sortedSample(reference), sortedSample(current));

const statistics: Readonly<Record<string, (samples: PlacedCounts) => { readonly value: number | null }>> = {
  kolmogorovSmirnov,
  wasserstein,
  energyDistance,
  cramerVonMises,
  mannWhitney,
};
const symmetric = Object.entries(statistics).filter(([name]) => name !== 'mannWhitney');
const distances = symmetric.filter(([name]) => name !== 'cramerVonMises');

const anything = fc.array(fc.oneof(fc.double(), fc.constant(null), fc.integer({ min: -3, max: 3 })), { maxLength: 40 });
const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
  minLength: 1,
  maxLength: 40,
});

describe('statistics of two raw samples', () => {
  it.each(Object.entries(statistics))(
    '%s is a number, or undefined with a reason, for any column',
    (_name, statistic) => {
      fc.assert(
        fc.property(anything, anything, (reference, current) => {
          const result: { readonly value: number | null; readonly pValue?: number | null } = statistic(
            merge(reference, current),
          );
          if (result.value === null) expect(result).toHaveProperty('reason');
          else expect(Number.isFinite(result.value)).toBe(true);
          if (typeof result.pValue === 'number') expect(result.pValue >= 0 && result.pValue <= 1).toBe(true);
        }),
      );
    },
  );

  it.each(distances)('%s is 0 between a sample and itself', (_name, statistic) => {
    fc.assert(
      fc.property(values, (sample) => {
        expect(statistic(merge(sample, sample)).value).toBe(0);
      }),
    );
  });

  it.each(symmetric)('%s does not depend on the side', (_name, statistic) => {
    fc.assert(
      fc.property(values, values, (reference, current) => {
        const there = statistic(merge(reference, current)).value ?? Number.NaN;
        expectClose(statistic(merge(current, reference)).value, there, 1e-6);
      }),
    );
  });

  it.each(Object.entries(statistics))('%s does not depend on the order of the rows', (_name, statistic) => {
    fc.assert(
      fc.property(values, values, (reference, current) => {
        expect(statistic(merge([...reference].reverse(), [...current].reverse()))).toEqual(
          statistic(merge(reference, current)),
        );
      }),
    );
  });

  it.each(Object.entries(statistics))('%s grows with the shift', (_name, statistic) => {
    const sample = Array.from({ length: 50 }, (_, i) => i);
    const shifted = [0, 1, 5, 20].map(
      (shift) =>
        statistic(
          merge(
            sample,
            sample.map((x) => x + shift),
          ),
        ).value ?? 0,
    );
    expect(shifted).toEqual([...shifted].sort((a, b) => a - b));
    expect(new Set(shifted).size).toBe(4);
  });

  it('sees a change of a constant, and that the normalised distance is then undefined', () => {
    const samples = merge([2, 2, 2], [5, 5]);
    expect(kolmogorovSmirnov(samples).value).toBe(1);
    expect(wasserstein(samples).value).toBe(3);
    expect(normalizedWasserstein(samples, populationDeviation(sortedSample([2, 2, 2])))).toMatchObject({
      value: null,
      reason: 'the baseline does not vary',
    });
  });

  it('has no distance where doubles end', () => {
    expect(wasserstein(merge([-1.7e308], [1.7e308]))).toMatchObject({ value: null });
  });

  it('counts missing and infinite values apart', () => {
    const { values: kept, ...counts } = sortedSample([3, null, 1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...kept]).toEqual([1, 3]);
    expect(counts).toEqual({ missing: 2, infinite: 1 });
  });

  it('has the same ranks from bins as from values that equal within bins', () => {
    const binned = orderedCounts([2, 0, 3], [1, 4, 1]);
    const raw = merge([0, 0, 2, 2, 2], [0, 1, 1, 1, 1, 2]);
    for (const statistic of [kolmogorovSmirnov, cramerVonMises, mannWhitney]) {
      expect(statistic(binned)).toEqual(statistic(raw));
    }
  });
});

describe("Cliff's delta", () => {
  it('is the balance of pairs', () => {
    fc.assert(
      fc.property(values, values, (reference, current) => {
        const balance = current
          .flatMap((c) => reference.map((r) => Math.sign(c - r)))
          .reduce((sum, sign) => sum + sign, 0);
        const test = mannWhitney(merge(reference, current));
        expect(test.value === null ? null : test.cliffsDelta).toBeCloseTo(
          balance / reference.length / current.length,
          9,
        );
      }),
    );
  });
});

describe('p-values of Kolmogorov and Smirnov', () => {
  it.each(oracles.kolmogorov)('agree with scipy in $origin', ({ ks }) => {
    expectClose(kolmogorovTail(effectiveRows(ks.n, ks.m), ks.statistic), ks.pScipyAsymp, 1e-6);
    expectClose(kolmogorovLimitTail(ks.statistic * Math.sqrt(ks.effectiveN)), ks.pKolmogorov, 1e-9);
  });

  it.each(oracles.exact)('are exact for few rows as in $origin', ({ ks }) => {
    const steps = Math.round((ks.statistic * ks.n * ks.m) / greatestCommonDivisor(ks.n, ks.m));
    expectClose(kolmogorovExactTail(ks.n, ks.m, steps), ks.pExact ?? null, 1e-6);
  });

  it('count the orders of few values (n = m = 3: 2 of 20 are fully apart)', () => {
    expect(kolmogorovSmirnov(merge([1, 2, 3], [4, 5, 6]))).toEqual({
      value: 1,
      pValue: expect.closeTo(0.1, 12),
      method: 'exact',
    });
  });

  it('are 1 when nothing differs, and fall as D grows, over all ways to compute them', () => {
    for (const n of [1, 2, 7, 100, 140, 141, 1_000, 50_000, 1_000_000]) {
      const tails = Array.from({ length: 80 }, (_, i) => kolmogorovTail(n, ((i + 1) / 80) ** 3));
      for (const [i, tail] of tails.entries()) {
        expect(tail >= 0 && tail <= 1).toBe(true);
        // The approximations meet to three millionths at worst, where n is just above 140.
        if (i > 0) expect(tail).toBeLessThanOrEqual(tails[i - 1]! * (1 + 1e-9) + 3e-6);
      }
    }
  });

  it('are the tabulated ones (Birnbaum 1952: n 10, D 0.40925)', () => {
    expect(kolmogorovTail(10, 0.40925)).toBeCloseTo(0.05, 4);
  });

  it('change over from exact to asymptotic without a jump', () => {
    expect(pelzGood(1_000, 0.03)).toBeCloseTo(kolmogorovMatrix(1_000, 0.03), 6);
    expect(kolmogorovTail(141, 0.1)).toBeCloseTo(kolmogorovTail(140, 0.1), 1);
  });

  it('are not 0 for one row against many', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => i);
    expect(kolmogorovSmirnov(merge(many, [9_999])).pValue).toBeCloseTo(2 / 5_001, 12);
  });
});

describe('cramerVonMisesTail', () => {
  it.each([
    [0.46136, 0.05],
    [0.74346, 0.01],
    [1.16786, 0.001],
  ])('is the tabulated one at %d (Csörgő & Faraway 1996)', (x, tail) => {
    expect(Math.abs(cramerVonMisesTail(x) / tail - 1)).toBeLessThan(2e-5);
  });

  it('keeps its digits where one minus the distribution is 0', () => {
    // Far out the tail falls as e^(-π² x / 2) / √x.
    const ratio = cramerVonMisesTail(41) / cramerVonMisesTail(40);
    expect(ratio).toBeGreaterThan(0.9 * Math.exp(-(Math.PI ** 2) / 2));
    expect(ratio).toBeLessThan(Math.exp(-(Math.PI ** 2) / 2));
  });
});
