import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline } from './baseline.ts';
import type { Signal } from './evaluation.ts';
import { weightedScore } from './feature-weights.ts';
import { type JudgedFeatures, judgedFeatures } from './judged-features.ts';
import type { ShortWindow } from './short-window.ts';
import { shortDataDriftParts, shortPredictionDriftParts } from './short-window-parts.ts';
import type { JudgedPart } from './signal.ts';
import type { AlphaOf } from './significance.ts';
import { withParts } from './with-parts.ts';

type Facts = {
  readonly policy: Policy;
  readonly baseline: Baseline | undefined;
  readonly short: ShortWindow;
  readonly alphaOf: AlphaOf;
};

/** The signals, those of drift with what the last hours say of a sudden break. */
export function withShortWindow(
  facts: Facts | undefined,
  features: readonly Feature[],
  signals: readonly Signal[],
): readonly Signal[] {
  if (facts?.baseline === undefined) return signals;
  const known = { ...facts, baseline: facts.baseline };
  const { detectionHours } = facts.short;
  return signals.map((signal) => {
    if (signal.name === 'dataDrift') {
      const looked = judgedFeatures(facts.policy, features, known.baseline);
      const parts = shortDataDriftParts(known, looked.judged);
      return { ...withParts(signal, parts, rollUp(looked, parts)), detectionHours };
    }
    if (signal.name !== 'predictionDrift') return signal;
    const parts = shortPredictionDriftParts(known);
    return { ...withParts(signal, parts, Math.max(0, ...parts.map(({ score }) => score ?? 0))), detectionHours };
  });
}

/** Mean of the features' worst parts, by importance. */
function rollUp({ judged, weights }: JudgedFeatures, parts: readonly JudgedPart[]): number {
  const scored = judged.map(({ name }) => {
    const scores = parts.flatMap((part) => (part.name.split(':')[0] === name ? (part.score ?? []) : []));
    return { name, score: scores.length === 0 ? null : Math.max(...scores) };
  });
  return weightedScore(scored, weights);
}
