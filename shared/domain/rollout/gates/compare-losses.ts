import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import { absoluteError, logLoss, type RowLoss, squaredError } from '../row-loss.ts';
import { compareRanks } from './compare-ranks.ts';
import { type Comparison, waldBounds } from './comparison.ts';
import type { GateMetric } from './gate.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

const lossByMetric: Readonly<Record<Exclude<GateMetric, 'auc' | 'accuracy'>, RowLoss>> = {
  'log-loss': logLoss,
  'brier-score': squaredError,
  'squared-error': squaredError,
  'absolute-error': absoluteError,
};

/** Mean losses on the same rows, by the paired t test (Student 1908) or Wilcoxon's. Undefined with fewer than two rows. */
export function compareLosses(
  { labels, champion, candidate }: HoldoutColumns,
  metric: keyof typeof lossByMetric,
  test: 'paired-t' | 'wilcoxon',
): Comparison | undefined {
  const loss = lossByMetric[metric];
  const n = labels.length;
  if (n < 2) return undefined;
  const championLosses = champion.map((score, row) => loss(score, labels[row]!));
  const gains = candidate.map((score, row) => championLosses[row]! - loss(score, labels[row]!));
  const before = mean(championLosses);
  const gain = mean(gains);
  const means = { champion: before, candidate: before - gain };
  if (test === 'wilcoxon') return { ...compareRanks(gains), ...means };
  const standardError = Math.sqrt(gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / (n - 1) / n);
  return {
    test: 'paired t',
    ...means,
    improvement: gain,
    pValue: standardError > 0 ? 2 * studentCdf(-Math.abs(gain / standardError), n - 1) : null,
    influences: gains.map((value) => (value - gain) / n),
    degreesOfFreedom: n - 1,
    variance: standardError ** 2,
    ...waldBounds(gain, standardError),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
