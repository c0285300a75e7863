import type { Policy } from '../registry/policy.ts';
import type { Contribution, Signal } from './evaluation.ts';

/** Weighted mean of the scores that were measured; null when none was, or none of them weighs. */
export function stalenessScoreOf(policy: Policy, signals: readonly Signal[]): number | null {
  return weightedScore(
    policy,
    signals.filter(({ score }) => score !== null),
  );
}

/** The score, were every missing signal at its worst. */
export function scoreAtWorst(policy: Policy, signals: readonly Signal[]): number | null {
  return weightedScore(
    policy,
    signals.map((signal) => ({ ...signal, score: signal.score ?? 1 })),
  );
}

/** What each signal adds to the score. */
export function contributionsOf(policy: Policy, signals: readonly Signal[]): readonly Contribution[] {
  const weightOf = ({ name }: Signal) => policy.signals[name].weight;
  const total = signals.reduce((sum, signal) => sum + (signal.score === null ? 0 : weightOf(signal)), 0);
  return signals.map((signal) => {
    const { name, score } = signal;
    const weight = weightOf(signal);
    const contribution = score === null || total === 0 ? null : (weight * score) / total;
    return { name, weight, score, contribution };
  });
}

function weightedScore(policy: Policy, signals: readonly Signal[]): number | null {
  const weightOf = (signal: Signal) => policy.signals[signal.name].weight;
  const total = signals.reduce((sum, signal) => sum + weightOf(signal), 0);
  const weighted = signals.reduce((sum, signal) => sum + (signal.score ?? 0) * weightOf(signal), 0);
  return total === 0 ? null : Math.min(1, weighted / total);
}
