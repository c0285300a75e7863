import type { Policy } from '../registry/policy.ts';
import type { ConfidenceLevel, Evaluation, Signal, SignalName } from './evaluation.ts';
import { countText, figure } from './figures.ts';

/** Below it the missing outcomes could turn the verdict, even where the policy still trusts it. */
const fullCoverageRatio = 0.9;

export const signalLabels: Readonly<Record<SignalName, string>> = {
  performance: 'performance',
  conceptDrift: 'concept drift',
  dataDrift: 'data drift',
  predictionDrift: 'prediction drift',
  trainServeSkew: 'train–serve skew',
  embeddingInstability: 'embedding instability',
  downstreamHealth: 'health downstream',
  estimatedPerformance: 'estimated performance',
  age: 'age',
};

/** How much was seen, apart from what was seen. */
export type Sight = {
  readonly coverageRatio: number | null;
  /** Predictions in the window. */
  readonly n: number;
  /** All judged features have importance 0. @default false */
  readonly isUnweighted?: boolean;
  /** Whose labels do not come as those of the whole do. @default none */
  readonly shortSegments?: readonly string[];
};

/**
 * Low: more than half of the weight is missing; concept drift rests on the outcomes that performance rests on, so that
 * their loss counts once. Medium: any weighted signal is missing, coverage below 0.9, or fewer
 * than twice the rows that are needed. High otherwise. Every step down has its reason.
 */
export function confidenceOf(policy: Policy, signals: readonly Signal[], sight: Sight): Evaluation['confidence'] {
  const weightOf = (signal: Signal) => policy.signals[signal.name].weight;
  const missing = signals.filter((signal) => signal.score === null && weightOf(signal) > 0);
  const hasPerformance = signals.some((signal) => signal.name === 'performance' && weightOf(signal) > 0);
  const isCounted = (signal: Signal) => signal.name !== 'conceptDrift' || !hasPerformance;
  const countedWeight = (some: readonly Signal[]) =>
    some.filter(isCounted).reduce((sum, signal) => sum + weightOf(signal), 0);
  const total = signals.reduce((sum, signal) => sum + weightOf(signal), 0);
  const reasons = [
    ...(total === 0 ? ['the policy gives no signal any weight'] : []),
    ...missing.map((signal) => `no ${signalLabels[signal.name]}: ${signal.reason}`),
    ...sightReasons(policy, signals, sight),
  ];
  return { level: levelOf(total === 0 ? 1 : countedWeight(missing) / countedWeight(signals), reasons), reasons };
}

function sightReasons(policy: Policy, signals: readonly Signal[], sight: Sight): readonly string[] {
  const { coverageRatio, n } = sight;
  // Where performance is missing, its own reason says why.
  const counts = policy.signals.performance.weight > 0 && signals.some(isMeasuredPerformance);
  const isThin = counts && coverageRatio !== null && coverageRatio < fullCoverageRatio;
  return [
    ...(sight.isUnweighted ? ['all importances are 0'] : []),
    ...(isThin ? [`coverage is ${figure(coverageRatio)}`] : []),
    ...(counts ? (sight.shortSegments ?? []) : []).map((segment) => `too few labels of segment ${segment}`),
    ...(n < 2 * policy.minimumRows ? [`only ${countText(n)} predictions in the window`] : []),
  ];
}

function isMeasuredPerformance(signal: Signal): boolean {
  return signal.name === 'performance' && signal.score !== null;
}

function levelOf(missingShare: number, reasons: readonly string[]): ConfidenceLevel {
  if (missingShare > 0.5) return 'low';
  return reasons.length > 0 ? 'medium' : 'high';
}
