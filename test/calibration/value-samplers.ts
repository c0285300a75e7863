import { type Matrix, matrixOf } from '../../shared/domain/health/embedding/matrix.ts';
import { maximumMeanDiscrepancy } from '../../shared/domain/health/embedding/maximum-mean-discrepancy.ts';
import { cramerVonMises } from '../../shared/domain/health/statistics/cramer-von-mises.ts';
import { kolmogorovSmirnov } from '../../shared/domain/health/statistics/kolmogorov-smirnov.ts';
import { mannWhitney } from '../../shared/domain/health/statistics/mann-whitney.ts';
import { mergeSamples } from '../../shared/domain/health/statistics/ordered-counts.ts';
import { sortedSample } from '../../shared/domain/health/statistics/sorted-sample.ts';
import { type DistributionName, valueAt } from './distributions.ts';
import type { Draws } from './random.ts';
import type { Sample } from './shift-samplers.ts';

const rankTests = {
  'Kolmogorov–Smirnov': kolmogorovSmirnov,
  'Mann–Whitney': mannWhitney,
  'Cramér–von Mises': cramerVonMises,
} as const;
const permutations = 199;
/** Of the vectors whose populations are compared. */
const dimensions = 2;

type Values = { readonly draws: Draws; readonly distribution: DistributionName; readonly n: number };

/** A statistic that is reported beside the verdict, on n independent values a side. */
export function valueSampler(
  detector: keyof typeof rankTests | 'MMD, permuted',
  { draws, distribution, n }: Values,
): () => Sample {
  const value = () => valueAt(distribution, Math.max(1e-12, draws.uniform()));
  const isBreach = false;
  if (detector === 'MMD, permuted') {
    const side = (): Matrix =>
      matrixOf(Array.from({ length: n }, () => Float64Array.from({ length: dimensions }, value)));
    return () => {
      const { pValue } = maximumMeanDiscrepancy(side(), side(), { permutations, random: draws.uniform });
      return { pValue, isBreach, isAbstention: pValue === null };
    };
  }
  const side = () => sortedSample(Array.from({ length: n }, value));
  return () => {
    const { pValue } = rankTests[detector](mergeSamples(side(), side()));
    return { pValue, isBreach, isAbstention: pValue === null };
  };
}
