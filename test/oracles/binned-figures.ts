import { gTest } from '../../shared/domain/health/g-test.ts';
import { kullbackLeibler } from '../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../shared/domain/health/population-stability-index.ts';
import { plainShares, type Shares, smoothedShares } from '../../shared/domain/health/smoothed-shares.ts';
import { chebyshevDistance } from '../../shared/domain/health/statistics/chebyshev-distance.ts';
import { chiSquareQuantile } from '../../shared/domain/health/statistics/chi-square-quantile.ts';
import { chiSquareTest } from '../../shared/domain/health/statistics/chi-square-test.ts';
import { hellinger } from '../../shared/domain/health/statistics/hellinger.ts';
import { jensenShannon } from '../../shared/domain/health/statistics/jensen-shannon.ts';
import { totalVariation } from '../../shared/domain/health/statistics/total-variation.ts';

type Counts = readonly number[];

const floored =
  (floor: number): Shares =>
  (counts) =>
    plainShares(counts).map((share) => Math.max(share, floor));

/** scipy's entropy makes the shares sum to 1 again. */
const renormalized =
  (shares: Shares): Shares =>
  (counts) =>
    plainShares(shares(counts));

const conventions = { 'floor1e-4': floored(1e-4), 'floor1e-6': floored(1e-6), 'add0.5': smoothedShares };

/** The oracles' block of figures of two counts on the same bins. */
export function binnedFigures(refCounts: Counts, prodCounts: Counts) {
  const js = jensenShannon(refCounts, prodCounts);
  const each = <T>(figure: (shares: Shares) => T) =>
    Object.fromEntries(Object.entries(conventions).map(([name, shares]) => [name, figure(shares)]));
  const kl = (from: Counts, to: Counts) => (shares: Shares) => kullbackLeibler(from, to, shares).value;
  return {
    refCounts,
    prodCounts,
    psi: each((shares) => populationStabilityIndex(refCounts, prodCounts, shares).value),
    psiNoEps: withoutSmoothing(refCounts, prodCounts),
    psiSignificance: each((shares) => significance(refCounts, prodCounts, shares)),
    klProdRef: each((shares) => kl(refCounts, prodCounts)(renormalized(shares))),
    klRefProd: each((shares) => kl(prodCounts, refCounts)(renormalized(shares))),
    klProdRefRaw: kl(refCounts, prodCounts)(plainShares),
    klRefProdRaw: kl(prodCounts, refCounts)(plainShares),
    jsDistanceBase2: js.value === null ? null : js.distance,
    jsDivergenceBase2: js.value,
    totalVariation: totalVariation(refCounts, prodCounts).value,
    lInfinity: chebyshevDistance(refCounts, prodCounts).value,
    hellinger: hellinger(refCounts, prodCounts).value,
  };
}

function withoutSmoothing(reference: Counts, current: Counts): number | null {
  if ([...reference, ...current].includes(0)) return null;
  return populationStabilityIndex(reference, current, plainShares).value;
}

function significance(reference: Counts, current: Counts, shares: Shares) {
  const psi = populationStabilityIndex(reference, current, shares);
  if (psi.value === null) return null;
  const { value, bias, degreesOfFreedom: dof, pValue } = psi;
  if (dof === 0) return { statistic: 0, dof, pValue, psiCritical95: null };
  const scale = bias / dof;
  return { statistic: value / scale, dof, pValue, psiCritical95: chiSquareQuantile(0.05, dof) * scale };
}

/** χ² and G of two counts, as scipy's contingency tests name them. */
export function contingencyFigures(refCounts: Counts, prodCounts: Counts) {
  const chi = chiSquareTest(refCounts, prodCounts);
  const g = gTest(refCounts, prodCounts);
  if (chi.value === null || g.value === null) return {};
  if (chi.degreesOfFreedom === 0) return { chiSquare: null, gTest: null };
  return {
    chiSquare: {
      statistic: chi.value,
      pValue: chi.pValue,
      dof: chi.degreesOfFreedom,
      minExpected: chi.minimumExpected,
      cramersV: chi.cramersV,
    },
    gTest: { statistic: g.value, pValue: g.pValue, dof: g.degreesOfFreedom },
  };
}
