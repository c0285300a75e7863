import { numericBinsOfSorted } from '../../shared/domain/health/bins.ts';
import { gTest } from '../../shared/domain/health/g-test.ts';
import { kullbackLeibler } from '../../shared/domain/health/kullback-leibler.ts';
import { populationStabilityIndex } from '../../shared/domain/health/population-stability-index.ts';
import { chebyshevDistance } from '../../shared/domain/health/statistics/chebyshev-distance.ts';
import { chiSquareTest } from '../../shared/domain/health/statistics/chi-square-test.ts';
import { cramerVonMises } from '../../shared/domain/health/statistics/cramer-von-mises.ts';
import { energyDistance } from '../../shared/domain/health/statistics/energy-distance.ts';
import { hellinger } from '../../shared/domain/health/statistics/hellinger.ts';
import { jensenShannon } from '../../shared/domain/health/statistics/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { mannWhitney } from '../../shared/domain/health/statistics/mann-whitney.ts';
import { mergeSamples } from '../../shared/domain/health/statistics/ordered-counts.ts';
import { countsOnBins, type SortedSample, sortedSample } from '../../shared/domain/health/statistics/sorted-sample.ts';
import { totalVariation } from '../../shared/domain/health/statistics/total-variation.ts';
import { wasserstein } from '../../shared/domain/health/statistics/wasserstein.ts';
import { seeded } from '../unit/health/statistics/seeded.ts';

// What drift costs beside sorting, and from histograms: `npm run bench:statistics`. Prints, asserts nothing.

const rows = 1_000_000;
const runs = 5;
const fleet = { models: 500, features: 100, bins: 10 } as const;

/** Processor time, because the clock of a busy machine says little. */
function cost(name: string, work: () => void): void {
  work();
  const millis = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }).sort((a, b) => a - b);
  console.log(
    `${name}: median ${millis[runs >> 1]?.toFixed(0)} ms, least ${millis[0]?.toFixed(0)} ms of processor time`,
  );
}

function fromHistograms(reference: readonly number[], current: readonly number[]): void {
  populationStabilityIndex(reference, current);
  kullbackLeibler(reference, current);
  kullbackLeibler(current, reference);
  jensenShannon(reference, current);
  hellinger(reference, current);
  totalVariation(reference, current);
  chebyshevDistance(reference, current);
  chiSquareTest(reference, current);
  gTest(reference, current);
}

function fromSorted(reference: SortedSample, current: SortedSample): void {
  const merged = mergeSamples(reference, current);
  kolmogorovSmirnov(merged);
  wasserstein(merged);
  energyDistance(merged);
  cramerVonMises(merged);
  mannWhitney(merged);
  const bins = numericBinsOfSorted(reference.values);
  fromHistograms(countsOnBins(bins, reference), countsOnBins(bins, current));
}

const random = seeded(4);
const column = () => Float64Array.from({ length: rows }, () => Math.log(random()) * 10);
const [reference, current] = [column(), column()];
const sorted = { reference: sortedSample(reference), current: sortedSample(current) };

console.log(`one numeric column of ${rows.toLocaleString('en')} rows against as many:`);
cost('  bare Float64Array sort of the current column', () => void current.slice().sort());
cost('  all drift metrics, reference sorted before', () => fromSorted(sorted.reference, sortedSample(current)));
cost('  all drift metrics, both sorted before', () => fromSorted(sorted.reference, sorted.current));

const histogram = () => Array.from({ length: fleet.bins }, () => Math.floor(random() * 10_000));
const histograms = Array.from({ length: fleet.models * fleet.features }, () => [histogram(), histogram()] as const);
console.log(`${fleet.models} models × ${fleet.features} features, histograms of ${fleet.bins} bins:`);
cost('  all metrics of histograms', () => {
  for (const [before, now] of histograms) fromHistograms(before, now);
});
cost('  PSI with its p-value alone', () => {
  for (const [before, now] of histograms) populationStabilityIndex(before, now);
});
