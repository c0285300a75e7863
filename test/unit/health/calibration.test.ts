import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../../shared/domain/health/chi-square-tail.ts';
import { populationStabilityIndex } from '../../../shared/domain/health/population-stability-index.ts';
import { plainShares } from '../../../shared/domain/health/smoothed-shares.ts';
import { logBinomialTerm } from '../../../shared/domain/health/statistics/log-factorial.ts';
import { upperBound } from '../../calibration/bounds.ts';
import type { Cell } from '../../calibration/cells.ts';
import { distributions } from '../../calibration/distributions.ts';
import { simulateLooks } from '../../calibration/looks.ts';
import { tiltOf } from '../../calibration/power.ts';
import { draws } from '../../calibration/random.ts';
import { meets, runCell } from '../../calibration/run-cell.ts';
import { tiltedShares } from '../../calibration/streams.ts';

describe('the numbers that are drawn', () => {
  it.each([
    { n: 20, p: 0.3 },
    { n: 1_000, p: 0.002 },
    { n: 1_000, p: 0.5 },
    { n: 100_000, p: 0.001 },
    { n: 30, p: 0.9 },
  ])('of $n trials with probability $p are binomial', ({ n, p }) => {
    const runs = 20_000;
    const counts = new Float64Array(n + 1);
    const random = draws(n);
    for (let i = 0; i < runs; i += 1) counts[random.binomial(n, p)]! += 1;
    expect(chiSquareTail(...goodness(counts, runs, { n, p }))).toBeGreaterThan(1e-4);
  });

  it('add up to the rows of a multinomial', () => {
    const counts = new Float64Array(4);
    draws(1).multinomial(1_000_000, [0.5, 0.25, 0.2, 0.05], counts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
    expect(Math.abs(counts[3]! - 50_000)).toBeLessThan(1_200);
  });

  it('are normal in their moments, and the same for the same seed', () => {
    const random = draws(3);
    const values = Array.from({ length: 100_000 }, random.normal);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.015);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    expect(draws(3).normal()).toBe(values[0]);
  });
});

describe('the situations', () => {
  it('shift by the PSI that is asked for', () => {
    const { shares } = distributions[0]!;
    const shifted = tiltedShares(shares, tiltOf(shares, 0.5), 1);
    expect(populationStabilityIndex(shares, [...shifted], plainShares).value).toBeCloseTo(0.5, 6);
  });

  it('have shares that sum to 1, whatever the level', () => {
    for (const { shares } of distributions.filter((each) => each.shares.length > 0)) {
      expect(tiltedShares(shares, 1.3, 0.8).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe('the criterion', () => {
  const cell: Cell = {
    detector: 'rows, equal sides',
    distribution: 'normal',
    dependence: 'independent',
    n: 1_000,
    seed: 1,
    alphas: [0.1],
    stages: [500, 2_000],
    role: 'judged',
  };

  it('takes the exact upper bound of a Poisson count', () => {
    expect(upperBound(0, 1)).toBe(1);
    expect(upperBound(0, 1_000) * 1_000).toBeCloseTo(-Math.log(0.01), 9);
  });

  it('is met by a detector that is calibrated, in the same way each time', () => {
    const result = runCell(cell);
    expect(meets(result)).toBe(true);
    expect(runCell(cell)).toEqual(result);
  });

  it('is not met by one that takes dependent rows as independent', () => {
    expect(meets(runCell({ ...cell, dependence: 'day-clustered', stages: [200] }))).toBe(false);
  });
});

describe('the looks of a week', () => {
  it('are simulated near the formula, which is their bound', () => {
    const cell = { windowMinutes: 10_080, intervalMinutes: 45, alpha: 1e-5, degreesOfFreedom: 9 };
    const { simulated, standardError, formula } = simulateLooks(cell, 150, 1);
    expect(simulated - 2 * standardError).toBeLessThan(formula);
    expect(simulated + 2 * standardError).toBeGreaterThan(formula / 2);
  });
});

/** Pearson's statistic and its degrees of freedom, values that are expected less than ten times taken together. */
function goodness(
  counts: Float64Array,
  runs: number,
  { n, p }: { readonly n: number; readonly p: number },
): [number, number] {
  let [statistic, cells, expected, observed] = [0, 0, 0, 0];
  for (const [k, count] of counts.entries()) {
    expected += runs * Math.exp(logBinomialTerm(n, k, p, 1 - p));
    observed += count;
    if (expected < 10) continue;
    statistic += (observed - expected) ** 2 / expected;
    cells += 1;
    [expected, observed] = [0, 0];
  }
  return [statistic, cells - 1];
}
