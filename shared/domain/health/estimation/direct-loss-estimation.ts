import { numericBinsOfSorted } from '../bins.ts';
import { sortedSample } from '../statistics/sorted-sample.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** What the loss was on the reference, by bin of the prediction. */
export type LossTable = {
  /** Ascending lower edges of all bins but the first. */
  readonly edges: readonly number[];
  /** Aligned with the bins; a bin without rows has the overall mean and variance. */
  readonly bins: readonly { readonly rows: number; readonly mean: number; readonly variance: number }[];
  /** Lowest and highest prediction seen: beyond there is no support. */
  readonly support: readonly [number, number];
};

type LossEstimate = {
  readonly value: number;
  /** Of the realised mean loss around the estimate: scatter of the rows, and of the reference means behind it. */
  readonly standardError: number;
  /** Share of the rows whose prediction lies outside the reference's range, 0..1. */
  readonly outsideSupportRatio: number;
};

/** A mean and a variance of fewer rows would be guesses. */
const minimumRows = 20;

/**
 * Direct loss estimation for regression (as in NannyML 2022): learn the loss of a row, |error| or error², from what is
 * known before the label, here from ten equal-frequency bins of the prediction itself, so that the estimate needs no
 * second model. Undefined for fewer than 20 rows.
 */
export function fitDirectLoss(
  predictions: ArrayLike<number>,
  losses: ArrayLike<number>,
): LossTable | UndefinedStatistic {
  const sorted = sortedSample(Float64Array.from(predictions)).values;
  if (sorted.length < minimumRows) return undefinedStatistic(`needs ${minimumRows} rows with a loss`);
  const edges = [...new Set(numericBinsOfSorted(sorted).boundaries.map(({ value }) => value))];
  const groups = Array.from({ length: edges.length + 1 }, (): number[] => []);
  for (let i = 0; i < predictions.length; i += 1) groups[binOf(edges, predictions[i]!)]!.push(losses[i]!);
  const overall = summary(Array.from(losses));
  return {
    edges,
    bins: groups.map((group) => (group.length < 2 ? { ...overall, rows: group.length } : summary(group))),
    support: [sorted[0]!, sorted.at(-1)!],
  };
}

/** Expected mean loss of unlabelled predictions. It assumes that the loss at a given prediction is as it was. */
export function expectedLoss(table: LossTable, predictions: ArrayLike<number>): LossEstimate | UndefinedStatistic {
  const m = predictions.length;
  if (m === 0) return undefinedStatistic('no prediction');
  const counts = table.bins.map(() => 0);
  let outside = 0;
  for (let i = 0; i < m; i += 1) {
    counts[binOf(table.edges, predictions[i]!)]! += 1;
    if (predictions[i]! < table.support[0] || predictions[i]! > table.support[1]) outside += 1;
  }
  let [value, variance] = [0, 0];
  table.bins.forEach(({ rows, mean, variance: scatter }, bin) => {
    const share = counts[bin]! / m;
    value += share * mean;
    variance += scatter * (share / m + share ** 2 / Math.max(1, rows));
  });
  return { value, standardError: Math.sqrt(variance), outsideSupportRatio: outside / m };
}

function binOf(edges: readonly number[], prediction: number): number {
  let bin = 0;
  while (bin < edges.length && prediction >= edges[bin]!) bin += 1;
  return bin;
}

function summary(losses: readonly number[]) {
  const rows = losses.length;
  const mean = losses.reduce((sum, loss) => sum + loss / rows, 0);
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (rows - 1);
  return { rows, mean, variance };
}
