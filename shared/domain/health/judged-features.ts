import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline } from './baseline.ts';
import { type FeatureWeights, featureWeights } from './feature-weights.ts';
import { sampledFeatures } from './sampled-features.ts';

export type JudgedFeatures = {
  readonly judged: readonly Feature[];
  readonly weights: FeatureWeights;
  /** Less important ones, which are not looked at. */
  readonly leftOut: number;
};

/** The features that the policy names, of too many the most important ones, and what each weighs. */
export function judgedFeatures(
  { signals }: Policy,
  features: readonly Feature[],
  baseline: Pick<Baseline, 'importances'>,
): JudgedFeatures {
  const { features: named, maximumFeatures } = signals.dataDrift;
  const candidates = features.filter(({ name }) => named === undefined || named.includes(name));
  const weights = featureWeights(candidates, { all: features, estimated: baseline.importances });
  const weighed = candidates.map(({ name }) => ({ name, importance: weights.of.get(name) ?? 0 }));
  const kept = new Set(sampledFeatures(weighed, maximumFeatures).map(({ name }) => name));
  const judged = candidates.filter(({ name }) => kept.has(name));
  return { judged, weights, leftOut: candidates.length - judged.length };
}
