import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { pairedPlacements } from '../../health/statistics/delong.ts';
import { type Comparison, waldBounds } from './comparison.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

/**
 * The difference of two AUCs on the same rows (DeLong, DeLong & Clarke-Pearson 1988; by sorting in O(n log n), Sun & Xu
 * 2014). A row's influence is its placement. Undefined with fewer than two rows of a class.
 */
export function compareAuc({ labels, champion, candidate }: HoldoutColumns): Comparison | undefined {
  const placed = pairedPlacements(labels, candidate, champion);
  if (placed === undefined) return undefined;
  const { first, second, positives, negatives } = placed;
  const improvement = first - second;
  const standardError = Math.sqrt(variance(positives) / positives.length + variance(negatives) / negatives.length);
  return {
    test: 'DeLong',
    champion: second,
    candidate: first,
    improvement,
    pValue: standardError > 0 ? 2 * normalCdf(-Math.abs(improvement / standardError), 0, 1) : null,
    influences: influencesOf(labels, { positives, negatives }, improvement),
    variance: standardError ** 2,
    ...waldBounds(improvement, standardError),
  };
}

type Differences = { readonly positives: Float64Array; readonly negatives: Float64Array };

function influencesOf(labels: Float64Array, { positives, negatives }: Differences, improvement: number): Float64Array {
  let [positive, negative] = [0, 0];
  return labels.map((label) => {
    if (label === 1) {
      positive += 1;
      return (positives[positive - 1]! - improvement) / positives.length;
    }
    negative += 1;
    return (negatives[negative - 1]! - improvement) / negatives.length;
  });
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
