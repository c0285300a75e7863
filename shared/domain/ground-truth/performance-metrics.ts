import type { BinaryPerformance, Performance, RegressionPerformance, ScoreCounts } from './aggregates.ts';
import { scoreBins } from './aggregates.ts';

/** By the kind of labels that they are of. */
export const metricNames = {
  binary: ['auc', 'logLoss', 'brier', 'accuracy', 'baseRate', 'meanScore', 'logLossSkill', 'calibrationBias'],
  regression: ['rmse', 'mae', 'bias'],
} as const;

export type BinaryMetricName = (typeof metricNames.binary)[number];
type RegressionMetricName = (typeof metricNames.regression)[number];
export type MetricName = BinaryMetricName | RegressionMetricName;

type Metrics<Name extends string> = {
  readonly n: number;
  /** null where the window does not define it; `reasons` then says why. */
  readonly values: Readonly<Record<Name, number | null>>;
  readonly reasons: Readonly<Partial<Record<Name, string>>>;
};

export type BinaryMetrics = { readonly kind: 'binary' } & Metrics<BinaryMetricName>;
export type RegressionMetrics = { readonly kind: 'regression' } & Metrics<RegressionMetricName>;
export type PerformanceMetrics = BinaryMetrics | RegressionMetrics;

const noOutcome = 'no attributed prediction in the window';
const oneClass = 'all labels in the window are equal';

/** Metrics of a window from its sums. */
export function metricsOf(performance: Performance): PerformanceMetrics {
  return performance.kind === 'binary' ? binaryMetricsOf(performance) : regressionMetricsOf(performance);
}

/**
 * `auc`, see `aucOf`; `logLoss` in nats, scores clipped at 1e-15; `brier` = mean squared error; `accuracy` at 0.5;
 * `logLossSkill` = 1 - logLoss / entropy of the window's own base rate (1 perfect, 0 no better than the constant base
 * rate, negative worse); `calibrationBias` = meanScore - baseRate.
 */
export function binaryMetricsOf(sums: BinaryPerformance): BinaryMetrics {
  const { n } = sums;
  const mean = (sum: number) => (n === 0 ? null : sum / n);
  const baseRate = mean(sums.positives);
  const isOneClass = sums.positives === 0 || sums.positives === n;
  const values = {
    auc: aucOf(sums)?.auc ?? null,
    logLoss: mean(sums.sumLogLoss),
    brier: mean(sums.sumSquaredError),
    accuracy: mean(sums.correct),
    baseRate,
    meanScore: mean(sums.sumScore),
    logLossSkill: isOneClass ? null : 1 - sums.sumLogLoss / n / entropy(sums.positives / n),
    calibrationBias: mean(sums.sumScore - sums.positives),
  };
  if (n === 0) return { kind: 'binary', n, values, reasons: allNull(values) };
  return { kind: 'binary', n, values, reasons: isOneClass ? { auc: oneClass, logLossSkill: oneClass } : {} };
}

/** `rmse`, `mae` and `bias` (mean of score - label), all in the label's unit. */
export function regressionMetricsOf(sums: RegressionPerformance): RegressionMetrics {
  const { n } = sums;
  const values = {
    rmse: n === 0 ? null : Math.sqrt(sums.sumSquaredError / n),
    mae: n === 0 ? null : sums.sumAbsoluteError / n,
    bias: n === 0 ? null : sums.sumError / n,
  };
  return { kind: 'regression', n, values, reasons: n === 0 ? allNull(values) : {} };
}

function allNull<Name extends string>(values: Readonly<Record<Name, number | null>>): Partial<Record<Name, string>> {
  const reasons: Partial<Record<Name, string>> = {};
  for (const name in values) reasons[name] = noOutcome;
  return reasons;
}

/**
 * Probability that a positive outscores a negative (ties count half: Mann-Whitney U / PN), from histograms on
 * `scoreBins` equal-width bins. Pairs in different bins are ordered exactly; those in one bin count half, so the exact
 * AUC lies within `errorBound` = ½ Σ p_b q_b of it, p and q being the bins' shares of the positives and of the
 * negatives. That is at most ½ (all in one bin) and about 1/1000 for scores spread over the range.
 * Undefined when a class is empty.
 */
export function aucOf(
  sums: Pick<BinaryPerformance, 'n' | 'positives' | 'positiveScores' | 'negativeScores'>,
): { readonly auc: number; readonly errorBound: number } | undefined {
  const pairs = sums.positives * (sums.n - sums.positives);
  if (pairs === 0) return undefined;
  const { wins, ties } = countPairs(sums.positiveScores, sums.negativeScores);
  return { auc: (wins + ties / 2) / pairs, errorBound: ties / 2 / pairs };
}

function countPairs(positives: ScoreCounts, negatives: ScoreCounts): { readonly wins: number; readonly ties: number } {
  const counts = { wins: 0, ties: 0 };
  let negativesBelow = 0;
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const positivesHere = positives[bin] ?? 0;
    const negativesHere = negatives[bin] ?? 0;
    counts.wins += positivesHere * negativesBelow;
    counts.ties += positivesHere * negativesHere;
    negativesBelow += negativesHere;
  }
  return counts;
}

/** Of a coin with this probability, in nats. */
function entropy(rate: number): number {
  return -rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate);
}
