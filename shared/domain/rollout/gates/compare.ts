import { compareAccuracy } from './compare-accuracy.ts';
import { compareAuc } from './compare-auc.ts';
import { compareLosses } from './compare-losses.ts';
import type { Comparison } from './comparison.ts';
import type { ComparedMetric } from './gate.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

/** The comparison that fits the metric; undefined where the rows do not define it. */
export function compare(
  columns: HoldoutColumns,
  { metric, threshold = 0.5, test = 'paired-t' }: ComparedMetric,
): Comparison | undefined {
  switch (metric) {
    case 'auc':
      return compareAuc(columns);
    case 'accuracy':
      return compareAccuracy(columns, threshold);
    default:
      return compareLosses(columns, metric, test);
  }
}
