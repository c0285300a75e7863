import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline } from './baseline.ts';
import type { Signal } from './evaluation.ts';
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
      const judged = judgedFeatures(facts.policy, features);
      const parts = shortDataDriftParts(known, judged);
      return { ...withParts(signal, parts, rollUp(judged, parts)), detectionHours };
    }
    if (signal.name !== 'predictionDrift') return signal;
    const parts = shortPredictionDriftParts(known);
    return { ...withParts(signal, parts, Math.max(0, ...parts.map(({ score }) => score ?? 0))), detectionHours };
  });
}

/** Those the policy names, of too many the most important ones. */
export function judgedFeatures({ signals }: Policy, features: readonly Feature[]): readonly Feature[] {
  const { features: named, maximumFeatures } = signals.dataDrift;
  return features
    .filter(({ name }) => named === undefined || named.includes(name))
    .toSorted((a, b) => b.importance - a.importance)
    .slice(0, maximumFeatures);
}

/** Mean of the features' worst parts, by importance. */
function rollUp(features: readonly Feature[], parts: readonly JudgedPart[]): number {
  const scored = features.flatMap(({ name, importance }) => {
    const scores = parts.flatMap((part) => (part.name.split(':')[0] === name ? (part.score ?? []) : []));
    return scores.length === 0 ? [] : [{ score: Math.max(...scores), importance }];
  });
  const total = scored.reduce((sum, { importance }) => sum + importance, 0);
  return scored.reduce(
    (sum, { score, importance }) => sum + score * (total === 0 ? 1 / scored.length : importance / total),
    0,
  );
}
