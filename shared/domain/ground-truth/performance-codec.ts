import type { BinaryPerformance, RegressionPerformance, SparseCounts } from './aggregates.ts';
import type { PerformancePoint } from './hour-aggregates.ts';

// A point is rewritten with every outcome of its five minutes, so it is kept short: numbers in fixed places.
type BinaryRow = readonly [number, number, number, number, number, number, number, number, number[], number[]];
type RegressionRow = readonly [number, number, number, number, number, number, number, number];

/** What `performanceRows` makes of the points of an hour, all of one task type. */
export type PerformanceRows =
  | { readonly kind: 'binary'; readonly rows: readonly BinaryRow[] }
  | { readonly kind: 'regression'; readonly rows: readonly RegressionRow[] };

export function performanceRows(points: readonly PerformancePoint[]): PerformanceRows {
  const binary: BinaryRow[] = [];
  const regression: RegressionRow[] = [];
  for (const { index, predictions, performance } of points) {
    if (performance.kind === 'binary') binary.push([index, predictions, ...binaryNumbers(performance)]);
    else regression.push([index, predictions, ...regressionNumbers(performance)]);
  }
  return regression.length > 0 ? { kind: 'regression', rows: regression } : { kind: 'binary', rows: binary };
}

function binaryNumbers(sums: BinaryPerformance) {
  const { n, positives, sumScore, sumLogLoss, sumSquaredError, correct, positiveScores, negativeScores } = sums;
  const scores = [pairsOf(positiveScores), pairsOf(negativeScores)] as const;
  return [n, positives, sumScore, sumLogLoss, sumSquaredError, correct, ...scores] as const;
}

function regressionNumbers(sums: RegressionPerformance) {
  const { n, sumError, sumAbsoluteError, sumSquaredError, sumLabel, sumSquaredLabel } = sums;
  return [n, sumError, sumAbsoluteError, sumSquaredError, sumLabel, sumSquaredLabel] as const;
}

export function performancePoints(stored: PerformanceRows): readonly PerformancePoint[] {
  return stored.kind === 'binary' ? stored.rows.map(binaryPoint) : stored.rows.map(regressionPoint);
}

function binaryPoint([index, predictions, n, positives, sumScore, sumLogLoss, ...rest]: BinaryRow): PerformancePoint {
  const [sumSquaredError, correct, positivePairs, negativePairs] = rest;
  const sums = { n, positives, sumScore, sumLogLoss, sumSquaredError, correct };
  const scores = { positiveScores: countsOf(positivePairs), negativeScores: countsOf(negativePairs) };
  return { index, predictions, performance: { kind: 'binary', ...sums, ...scores } };
}

function regressionPoint([index, predictions, n, sumError, ...rest]: RegressionRow): PerformancePoint {
  const [sumAbsoluteError, sumSquaredError, sumLabel, sumSquaredLabel] = rest;
  const sums = { n, sumError, sumAbsoluteError, sumSquaredError, sumLabel, sumSquaredLabel };
  return { index, predictions, performance: { kind: 'regression', ...sums } };
}

function pairsOf(counts: SparseCounts): number[] {
  return Object.entries(counts).flatMap(([bin, count]) => [Number(bin), count]);
}

function countsOf(pairs: readonly number[]): SparseCounts {
  const counts: Record<string, number> = {};
  for (let i = 0; i < pairs.length; i += 2) counts[pairs[i]!] = pairs[i + 1]!;
  return counts;
}
