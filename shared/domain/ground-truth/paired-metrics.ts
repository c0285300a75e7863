import type { ArmSums, Paired } from './aggregates.ts';

export type ArmMetrics = {
  readonly n: number;
  readonly mean: number | null;
  /** Null below two. */
  readonly standardDeviation: number | null;
};

/** Differences are newer - older, so negative is better. Losses are log loss (nats) or squared error. */
export type PairedMetrics = {
  readonly n: number;
  readonly olderLoss: number | null;
  readonly newerLoss: number | null;
  readonly difference: number | null;
  /** Of the older version's loss. */
  readonly relativeDifference: number | null;
  /** Of the difference, per request; null below two requests. */
  readonly standardDeviation: number | null;
  /** Business value of the requests each version served while a rollout assigned them, or of the units it assigned. */
  readonly arms: { readonly older: ArmMetrics; readonly newer: ArmMetrics };
};

export function pairedMetricsOf({ n, arms, ...sums }: Paired): PairedMetrics {
  const mean = (sum: number) => (n === 0 ? null : sum / n);
  const isRelative = n > 0 && sums.sumOlderLoss > 0;
  return {
    n,
    olderLoss: mean(sums.sumOlderLoss),
    newerLoss: mean(sums.sumNewerLoss),
    difference: mean(sums.sumDifference),
    relativeDifference: isRelative ? sums.sumDifference / sums.sumOlderLoss : null,
    standardDeviation: n < 2 ? null : standardDeviation(n, sums.sumDifference, sums.sumSquaredDifference),
    arms: { older: armMetrics(arms.older), newer: armMetrics(arms.newer) },
  };
}

/** Sample standard deviation; rounding may push a variance of nothing below zero. */
function standardDeviation(n: number, sum: number, sumSquares: number): number {
  return Math.sqrt(Math.max(0, (sumSquares - sum ** 2 / n) / (n - 1)));
}

function armMetrics({ n, sum, sumSquares }: ArmSums): ArmMetrics {
  const deviation = n < 2 ? null : standardDeviation(n, sum, sumSquares);
  return { n, mean: n === 0 ? null : sum / n, standardDeviation: deviation };
}
