import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { numericBins } from '../../shared/domain/health/bins.ts';
import { compiledBins, slotOf } from '../../shared/domain/health/compiled-bins.ts';
import type { BinOrder } from '../../shared/domain/health/verdict/group-sparse-bins.ts';

export type DistributionName =
  | 'normal'
  | 'heavy tail'
  | 'zero-inflated'
  | 'Zipf'
  | 'binary'
  | 'constant'
  | 'all missing'
  | 'missing rate';

export type Distribution = {
  readonly name: DistributionName;
  readonly order: BinOrder;
  /** Probability of each bin of a long reference; they sum to 1. Empty where there is no valid value. */
  readonly shares: readonly number[];
};

const zeroRate = 0.6;
const categories = 50;
const points = 100_000;

/** What a value is at a probability: the bins see ranks only, so that any dependence can be put on a normal scale. */
const quantiles = {
  normal: (p: number) => normalQuantile(p, 0, 1),
  /** Log-normal with σ 1.5: its kurtosis is above 10,000. */
  'heavy tail': (p: number) => Math.exp(1.5 * normalQuantile(p, 0, 1)),
  'zero-inflated': (p: number) => (p < zeroRate ? 0 : Math.exp(normalQuantile((p - zeroRate) / (1 - zeroRate), 0, 1))),
} as const;

export const distributions: readonly Distribution[] = [
  numeric('normal'),
  numeric('heavy tail'),
  numeric('zero-inflated'),
  { name: 'Zipf', order: 'nominal', shares: zipfShares(categories) },
  { name: 'binary', order: 'nominal', shares: [0.9, 0.1] },
  { name: 'constant', order: 'ordered', shares: [0, 1, 0] },
  { name: 'all missing', order: 'ordered', shares: [] },
  { name: 'missing rate', order: 'nominal', shares: [0.98, 0.02] },
];

export function distributionOf(name: DistributionName): Distribution {
  return distributions.find((each) => each.name === name)!;
}

/** Values of independent rows, for detectors that take values and not counts. */
export function valueAt(name: DistributionName, probability: number): number {
  if (name === 'normal' || name === 'heavy tail' || name === 'zero-inflated') return quantiles[name](probability);
  const { shares } = distributionOf(name);
  let [value, left] = [0, probability];
  while (value < shares.length - 1 && left >= shares[value]!) {
    left -= shares[value]!;
    value += 1;
  }
  return value;
}

function numeric(name: keyof typeof quantiles): Distribution {
  const values = Array.from({ length: points }, (_, i) => quantiles[name]((i + 0.5) / points));
  const bins = compiledBins(numericBins(values));
  const shares = Array.from({ length: bins.missing }, () => 0);
  for (const value of values) shares[slotOf(bins, value)]! += 1 / points;
  return { name, order: 'ordered', shares };
}

function zipfShares(size: number): readonly number[] {
  const weights = Array.from({ length: size }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
