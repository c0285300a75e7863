import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import { confidenceOf, type Sight } from './confidence.ts';
import type { Cause, Evaluation, Signal, SignalName } from './evaluation.ts';
import { breachesAfter, type Former } from './hysteresis.ts';
import { contributionsOf, stalenessScoreOf } from './staleness-score.ts';

export type Fusion = Pick<Evaluation, 'stalenessScore' | 'verdict' | 'confidence' | 'causes'> &
  Required<Pick<Evaluation, 'breaches' | 'contributions'>>;

type FusionInput = {
  readonly policy: Policy;
  readonly signals: readonly Signal[];
  readonly sight: Sight;
  /** The last scheduled evaluation of the same version. @default none */
  readonly previous?: Former | undefined;
  readonly evaluatedAt: Instant;
};

/** Others are about time, about other models, or about what is only estimated. */
const seeing: readonly SignalName[] = [
  'performance',
  'conceptDrift',
  'dataDrift',
  'predictionDrift',
  'embeddingInstability',
];

/**
 * At risk when a decisive signal breaches or the weighted mean of the available scores reaches the threshold, and for as
 * long as a former cause has not been cleared. Unknown when the model itself cannot be seen: its age, models downstream and
 * an estimate make nobody healthy. A missing signal lowers the confidence, never the score, and never clears a breach.
 */
export function fuseSignals({ policy, signals, sight, previous, evaluatedAt }: FusionInput): Fusion {
  const confidence = confidenceOf(policy, signals, sight);
  const stalenessScore = stalenessScoreOf(policy, signals);
  const isBlind = !signals.some(({ name, score }) => score !== null && seeing.includes(name));
  const isStale = !isBlind && stalenessScore !== null && stalenessScore >= policy.stalenessThreshold;
  const found: readonly Cause[] = [
    ...signals.filter((signal) => isDecisiveBreach(policy, signal)).map((signal) => signal.name),
    ...(isStale ? (['staleness-score'] as const) : []),
  ];
  const breaches = breachesAfter({ policy, signals, confidence, found, former: previous, evaluatedAt });
  const verdict = breaches.length > 0 ? 'at-risk' : isBlind ? 'unknown' : 'healthy';
  const causes = breaches.map(({ cause }) => cause);
  return {
    stalenessScore,
    verdict,
    confidence,
    causes,
    breaches,
    contributions: contributionsOf(policy, signals),
  };
}

export function isDecisiveBreach(policy: Policy, signal: Signal): boolean {
  return signal.verdict === 'breach' && policy.signals[signal.name].decisive;
}
