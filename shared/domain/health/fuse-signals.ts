import type { Policy } from '../registry/policy.ts';
import { confidenceOf, type Sight } from './confidence.ts';
import type { Evaluation, Signal } from './evaluation.ts';

export type Fusion = Pick<Evaluation, 'stalenessScore' | 'verdict' | 'confidence' | 'causes'>;
type Cause = Evaluation['causes'][number];

type FusionInput = {
  readonly policy: Policy;
  readonly signals: readonly Signal[];
  readonly sight: Sight;
  /** Of the same version. @default none */
  readonly previous?: Pick<Evaluation, 'verdict' | 'causes'> | undefined;
};

/**
 * At risk when a decisive signal breaches or the weighted mean of the available scores reaches the threshold, and for as
 * long as a former cause has not been cleared. Unknown when nothing but the age can be measured. A missing signal lowers
 * the confidence, never the score, and never clears a breach.
 */
export function fuseSignals({ policy, signals, sight, previous }: FusionInput): Fusion {
  const confidence = confidenceOf(policy, signals, sight);
  const stalenessScore = weightedScore(policy, signals.filter(isMeasured));
  const isBlind = !signals.some((signal) => isMeasured(signal) && signal.name !== 'age');
  const current: readonly Cause[] = [
    ...signals.filter((signal) => isDecisiveBreach(policy, signal)).map((signal) => signal.name),
    ...(!isBlind && isStale(policy, stalenessScore) ? (['staleness-score'] as const) : []),
  ];
  const former = previous?.verdict === 'at-risk' ? previous.causes : [];
  const kept = former.filter(
    (cause) => !current.includes(cause) && !(confidence.level !== 'low' && isClear(policy, signals, cause)),
  );
  const causes = [...current, ...kept];
  const verdict = causes.length > 0 ? 'at-risk' : isBlind ? 'unknown' : 'healthy';
  return { stalenessScore, verdict, confidence, causes };
}

function isMeasured(signal: Signal): boolean {
  return signal.score !== null;
}

export function isDecisiveBreach(policy: Policy, signal: Signal): boolean {
  return signal.verdict === 'breach' && policy.signals[signal.name].decisive;
}

/** A score that would be below the threshold even if every missing signal stood at its worst. */
function isClear(policy: Policy, signals: readonly Signal[], cause: Cause): boolean {
  if (cause !== 'staleness-score') return signals.some((signal) => signal.name === cause && isMeasured(signal));
  const atWorst = signals.map((signal) => ({ ...signal, score: signal.score ?? 1 }));
  return !isStale(policy, weightedScore(policy, atWorst));
}

function isStale(policy: Policy, score: number | null): boolean {
  return score !== null && score >= policy.stalenessThreshold;
}

function weightedScore(policy: Policy, signals: readonly Signal[]): number | null {
  const weightOf = (signal: Signal) => policy.signals[signal.name].weight;
  const total = signals.reduce((sum, signal) => sum + weightOf(signal), 0);
  const weighted = signals.reduce((sum, signal) => sum + (signal.score ?? 0) * weightOf(signal), 0);
  return total === 0 ? null : Math.min(1, weighted / total);
}
