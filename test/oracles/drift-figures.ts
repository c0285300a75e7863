import { numericBinsOfSorted, quantile } from '../../shared/domain/health/bins.ts';
import { categoryCounts } from '../../shared/domain/health/statistics/category-counts.ts';
import { chiSquareTest } from '../../shared/domain/health/statistics/chi-square-test.ts';
import { cramerVonMises } from '../../shared/domain/health/statistics/cramer-von-mises.ts';
import { energyDistance } from '../../shared/domain/health/statistics/energy-distance.ts';
import { fisherExactTest } from '../../shared/domain/health/statistics/fisher-exact-test.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { kolmogorovLimitTail } from '../../shared/domain/health/statistics/kolmogorov-tail.ts';
import { mannWhitney } from '../../shared/domain/health/statistics/mann-whitney.ts';
import { momentsOf, populationDeviation, sampleDeviation } from '../../shared/domain/health/statistics/moments.ts';
import { mergeSamples, type PlacedCounts } from '../../shared/domain/health/statistics/ordered-counts.ts';
import {
  countsOnBins,
  firstIndex,
  quantileOf,
  rowsOf,
  type SortedSample,
  sortedSample,
} from '../../shared/domain/health/statistics/sorted-sample.ts';
import { normalizedWasserstein, wasserstein } from '../../shared/domain/health/statistics/wasserstein.ts';
import { twoProportionTest } from '../../shared/domain/health/two-proportion-test.ts';
import { binnedFigures, contingencyFigures } from './binned-figures.ts';

/** What the oracles say of a numeric column, by our functions. */
export function numericFigures(referenceColumn: Iterable<number | null>, productionColumn: Iterable<number | null>) {
  const reference = sortedSample(referenceColumn);
  const production = sortedSample(productionColumn);
  const described = {
    reference: summary(reference),
    production: summary(production),
    missingRate: missingFigures(
      { count: reference.missing, n: rowsOf(reference) },
      { count: production.missing, n: rowsOf(production) },
    ),
  };
  if (reference.values.length === 0 || production.values.length === 0) return described;
  const merged = mergeSamples(reference, production);
  return {
    ...described,
    quantile10: quantileFigures(reference, production),
    width10: widthFigures(reference, production),
    ks: ksFigures(merged),
    wasserstein: wassersteinFigures(merged, reference),
    ...rankFigures(merged),
  };
}

function summary(sample: SortedSample) {
  const { values, missing, infinite } = sample;
  const counts = { n: rowsOf(sample), nullOrNaN: missing, infinite, valid: values.length };
  if (values.length === 0) return counts;
  const at = (probability: number) => quantileOf(sample, probability);
  return {
    ...counts,
    mean: momentsOf(sample)?.mean,
    stdPop: finite(populationDeviation(sample)),
    stdSample: finite(sampleDeviation(sample)),
    min: values[0],
    max: values.at(-1),
    q05: at(0.05),
    q25: at(0.25),
    q50: at(0.5),
    q75: at(0.75),
    q95: at(0.95),
    distinct: mergeSamples(sample, { values: new Float64Array(), missing: 0, infinite: 0 }).values.length,
  };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

export function missingFigures(reference: { count: number; n: number }, production: { count: number; n: number }) {
  const test = twoProportionTest(reference, production);
  const rates = { refRate: reference.count / reference.n, prodRate: production.count / production.n };
  return test.value === null ? rates : { ...rates, z: test.value, pValue: test.pValue };
}

function quantileFigures(reference: SortedSample, production: SortedSample) {
  const bins = numericBinsOfSorted(reference.values);
  const quantiles = Array.from({ length: 9 }, (_, i) => quantile(reference.values, (i + 1) / 10));
  const edges = distinct(quantiles);
  return {
    edges,
    leftClosed: onEdges(edges, 'ge', reference, production),
    rightClosed: onEdges(edges, 'gt', reference, production),
    atomAware: {
      boundaries: bins.boundaries.map(({ value, test }) => [value, test]),
      ...binnedFigures(countsOnBins(bins, reference), countsOnBins(bins, production)),
    },
  };
}

function widthFigures(reference: SortedSample, production: SortedSample) {
  const [low, high] = [reference.values[0]!, reference.values.at(-1)!];
  const step = (high - low) / 10;
  const edges = distinct(Array.from({ length: 9 }, (_, i) => low + (i + 1) * step));
  return { edges, leftClosed: onEdges(edges, 'ge', reference, production) };
}

function onEdges(edges: readonly number[], test: 'ge' | 'gt', reference: SortedSample, production: SortedSample) {
  const counts = ({ values }: SortedSample) => {
    const cuts = edges.map((edge) => firstIndex(values, edge, test));
    return [...cuts, values.length].map((cut, i) => cut - (cuts[i - 1] ?? 0));
  };
  return binnedFigures(counts(reference), counts(production));
}

function distinct(ascending: readonly number[]): readonly number[] {
  return ascending.filter((value, i) => value !== ascending[i - 1]);
}

export function ksFigures(merged: PlacedCounts) {
  const { n, m } = merged;
  const asymptotic = kolmogorovSmirnov(merged, 'asymptotic');
  const automatic = kolmogorovSmirnov(merged);
  if (asymptotic.value === null || automatic.value === null) return {};
  const effectiveN = (n * m) / (n + m);
  const root = Math.sqrt(effectiveN);
  return {
    statistic: asymptotic.value,
    n,
    m,
    effectiveN,
    pScipyAsymp: asymptotic.pValue,
    pKolmogorov: kolmogorovLimitTail(asymptotic.value * root),
    pStephens: kolmogorovLimitTail((root + 0.12 + 0.11 / root) * asymptotic.value),
    ...(automatic.method === 'exact' ? { pExact: automatic.pValue } : {}),
  };
}

function wassersteinFigures(merged: PlacedCounts, reference: SortedSample) {
  const over = (scale: number | undefined) => normalizedWasserstein(merged, scale).value;
  return {
    raw: wasserstein(merged).value,
    overStdPop: over(populationDeviation(reference)),
    overStdSample: over(sampleDeviation(reference)),
    overIqr: over(quantileOf(reference, 0.75)! - quantileOf(reference, 0.25)!),
  };
}

export function rankFigures(merged: PlacedCounts) {
  const cvm = cramerVonMises(merged);
  const ranks = mannWhitney(merged);
  if (ranks.value === null) return {};
  return {
    energyDistance: energyDistance(merged).value,
    cramerVonMises: { statistic: cvm.value, pAsymptotic: cvm.pValue },
    mannWhitney: { uProd: ranks.value, pAsymptotic: ranks.pValue, cliffsDelta: ranks.cliffsDelta },
  };
}

type Categories = readonly (string | null)[];

/** What the oracles say of a categorical column, by our functions. */
export function categoricalFigures(referenceColumn: Categories, productionColumn: Categories) {
  const counts = categoryCounts(referenceColumn, productionColumn);
  const { categories, reference: refCounts, current: prodCounts, missing } = counts;
  const described = {
    reference: { n: referenceColumn.length, null: missing.reference },
    production: { n: productionColumn.length, null: missing.current },
    missingRate: missingFigures(
      { count: missing.reference, n: referenceColumn.length },
      { count: missing.current, n: productionColumn.length },
    ),
  };
  const valid = productionColumn.length - missing.current;
  if (referenceColumn.length === missing.reference || valid === 0) return described;
  return {
    ...described,
    categories,
    newCategories: categories.filter((_, i) => refCounts[i] === 0),
    missingCategories: categories.filter((_, i) => prodCounts[i] === 0),
    newCategoryShare: counts.unseen / valid,
    distribution: binnedFigures(refCounts, prodCounts),
    ...contingencyFigures(refCounts, prodCounts),
    ...(categories.length === 2 ? twoByTwoFigures(refCounts, prodCounts) : {}),
  };
}

function twoByTwoFigures(refCounts: readonly number[], prodCounts: readonly number[]) {
  const yates = chiSquareTest(refCounts, prodCounts, 'yates');
  const fisher = fisherExactTest(
    { count: refCounts[0]!, n: refCounts[0]! + refCounts[1]! },
    { count: prodCounts[0]!, n: prodCounts[0]! + prodCounts[1]! },
  );
  return {
    chiSquareYates: { statistic: yates.value, pValue: yates.pValue },
    fisherExact: { pValue: fisher.pValue },
  };
}
