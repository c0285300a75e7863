import { quantile } from '../../shared/domain/health/bins.ts';
import { fisherExactTest } from '../../shared/domain/health/statistics/fisher-exact-test.ts';
import { greatestCommonDivisor, kolmogorovExactTail } from '../../shared/domain/health/statistics/kolmogorov-exact.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { mannWhitney } from '../../shared/domain/health/statistics/mann-whitney.ts';
import { mcnemar } from '../../shared/domain/health/statistics/mcnemar.ts';
import { momentsOf } from '../../shared/domain/health/statistics/moments.ts';
import { mergeSamples, type PlacedCounts } from '../../shared/domain/health/statistics/ordered-counts.ts';
import { type SortedSample, sortedSample } from '../../shared/domain/health/statistics/sorted-sample.ts';
import { wasserstein } from '../../shared/domain/health/statistics/wasserstein.ts';
import { cohensD, pairedMeanTest, welchTest } from '../../shared/domain/health/statistics/welch-test.ts';
import { wilcoxonSignedRank } from '../../shared/domain/health/statistics/wilcoxon-signed-rank.ts';
import { wilsonInterval } from '../../shared/domain/health/statistics/wilson-interval.ts';
import { twoProportionTest } from '../../shared/domain/health/two-proportion-test.ts';
import { ksFigures } from './drift-figures.ts';

type Rows = readonly number[];

/** Control against candidate on a measured loss. */
export function twoSampleFigures(control: Rows, candidate: Rows) {
  const [a, b] = [sortedSample(control), sortedSample(candidate)];
  const merged = mergeSamples(a, b);
  const welch = welchTest(a, b);
  const ranks = mannWhitney(merged);
  return {
    nA: control.length,
    nB: candidate.length,
    meanA: momentsOf(a)?.mean,
    meanB: momentsOf(b)?.mean,
    ...quantiles('A', a),
    ...quantiles('B', b),
    welch: welch.value === null ? null : { t: welch.value, dof: welch.degreesOfFreedom, pValue: welch.pValue },
    ks: { ...ksFigures(merged), pExact: exactTail(merged) },
    wasserstein: wasserstein(merged).value,
    mannWhitney:
      ranks.value === null
        ? null
        : { uA: merged.n * merged.m - ranks.value, pAsymptotic: ranks.pValue, cliffsDeltaBvsA: ranks.cliffsDelta },
    cohensD: cohensD(a, b).value,
  };
}

/** The canaries' oracles have it for more rows than we would take it for. */
function exactTail(merged: PlacedCounts): number | null {
  const { value } = kolmogorovSmirnov(merged, 'asymptotic');
  const { n, m } = merged;
  if (value === null || n * m > 1_000_000) return null;
  return kolmogorovExactTail(n, m, Math.round((value * n * m) / greatestCommonDivisor(n, m)));
}

function quantiles(side: string, { values }: SortedSample) {
  return { [`median${side}`]: quantile(values, 0.5), [`p95${side}`]: quantile(values, 0.95) };
}

export function errorRateFigures(wrong1: number, n1: number, wrong2: number, n2: number) {
  const test = twoProportionTest({ count: wrong1, n: n1 }, { count: wrong2, n: n2 });
  const interval = (count: number, n: number) => {
    const wilson = wilsonInterval(count, n);
    return wilson.value === null ? null : wilson.interval;
  };
  return {
    k1: wrong1,
    n1,
    k2: wrong2,
    n2,
    rate1: wrong1 / n1,
    rate2: wrong2 / n2,
    wilson1: interval(wrong1, n1),
    wilson2: interval(wrong2, n2),
    z: test.value,
    pValue: test.pValue,
    fisherP: fisherExactTest({ count: wrong1, n: n1 }, { count: wrong2, n: n2 }).pValue,
  };
}

export function mcnemarFigures(onlyControlCorrect: number, onlyCandidateCorrect: number) {
  const test = mcnemar(onlyControlCorrect, onlyCandidateCorrect);
  return { onlyControlCorrect, onlyCandidateCorrect, pExact: test.pValue, chi2Continuity: test.value };
}

export function pairedErrorFigures(control: Rows, candidate: Rows) {
  const differences = candidate.map((error, i) => error - control[i]!);
  const sorted = sortedSample(differences);
  const t = pairedMeanTest(sorted);
  const wilcoxon = wilcoxonSignedRank(differences);
  return {
    meanAbsErrorDifference: momentsOf(sorted)?.mean,
    tTest: { t: t.value, pValue: t.pValue },
    wilcoxon: { statistic: wilcoxon.value, pApprox: wilcoxon.pValue },
  };
}
