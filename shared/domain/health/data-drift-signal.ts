import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import { anchorParts, anchorRemark } from './anchor-parts.ts';
import type { Baseline } from './baseline.ts';
import { driftSides } from './drift-sides.ts';
import type { Signal } from './evaluation.ts';
import { type FeatureParts, featureParts } from './feature-drift.ts';
import { type FeatureWeights, weightedScore } from './feature-weights.ts';
import { neededRowsText } from './figures.ts';
import { judgedFeatures } from './judged-features.ts';
import type { ProfileWindow } from './profile-window.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal, leadingPart, reasonOf, withoutJudgement } from './signal.ts';
import { type AlphaOf, significanceOf } from './significance.ts';

export type DriftFacts = {
  readonly policy: Policy;
  readonly features: readonly Feature[];
  readonly baseline: Baseline | undefined;
  readonly current: ProfileWindow;
  /** @default the policy's significance */
  readonly alphaOf?: AlphaOf | undefined;
};

/**
 * The shift of each feature against the baseline, and of its missing and unseen rates. `value`: the largest PSI of the
 * judged features. One judged feature in breach is a breach; the score is their mean by importance. A reference that has
 * itself moved from the anchor's is said, and changes neither.
 */
export function dataDriftSignal(facts: DriftFacts): Signal {
  const { policy, features, baseline, alphaOf = significanceOf(policy) } = facts;
  const signal = ofService(facts);
  if (baseline === undefined) return signal;
  const parts = anchorParts({ policy, baseline, alphaOf }, judgedFeatures(policy, features, baseline).judged);
  return {
    ...signal,
    reason: signal.reason + anchorRemark(baseline, parts),
    parts: [...signal.parts, ...parts.map(withoutJudgement)],
  };
}

function ofService(facts: DriftFacts): Signal {
  const { policy, baseline, current } = facts;
  const { minimumRows } = policy;
  const { n } = current.profile;
  const base = { name: 'dataDrift', unit: 'PSI', n, nNeeded: minimumRows } as const;
  if (baseline === undefined) return insufficientSignal({ ...base, reason: 'the version has no baseline' });
  if (n < minimumRows) return insufficientSignal({ ...base, reason: neededRowsText(minimumRows, n) });
  const { compared, weights, leftOut } = comparedFeatures(facts, baseline);
  const parts = compared.flatMap((feature) => feature.parts).map(withoutJudgement);
  const judged = compared.filter((feature) => feature.isJudged);
  const judgedParts = judged.flatMap((feature) => feature.parts);
  const leading = leadingPart(judgedParts);
  if (leading === undefined || leading.verdict === 'insufficient-data')
    return insufficientSignal({
      ...base,
      nNeeded: leading?.nNeeded ?? minimumRows,
      parts,
      reason: leading?.reason ?? 'the policy judges none of the features',
    });
  const psis = judged.flatMap((feature) => feature.psi ?? []);
  return {
    ...base,
    nNeeded: leading.nNeeded ?? minimumRows,
    value: psis.length === 0 ? null : Math.max(...psis),
    score: weightedScore(judged, weights),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict: worstVerdict(judgedParts.map((part) => part.verdict)),
    reason: reasonOf(judgedParts) + remark(judged, weights, leftOut),
    parts,
  };
}

function comparedFeatures({ policy, features, current, alphaOf }: DriftFacts, baseline: Baseline) {
  const { features: named, effectAt } = policy.signals.dataDrift;
  const { judged, weights, leftOut } = judgedFeatures(policy, features, baseline);
  const judging = { sides: driftSides(baseline, current), alphaOf: alphaOf ?? significanceOf(policy), effectAt };
  const compared = features
    .map((feature) => ({
      name: feature.name,
      isJudged: judged.includes(feature),
      bins: baseline.features[feature.name],
      singletonRatio: baseline.singletonRatios?.[feature.name],
    }))
    .filter(({ name, isJudged }) => isJudged || !(named === undefined || named.includes(name)))
    .map((feature) => featureParts(policy, feature, judging));
  return { compared, weights, leftOut };
}

function remark(judged: readonly FeatureParts[], { source, isZeroed }: FeatureWeights, leftOut: number): string {
  const unjudged = judged.filter(({ score }) => score === null).length;
  const isWeighed = source === 'estimated' && judged.length + leftOut > 1;
  return [
    unjudged === 0 ? '' : `; ${unjudged} of ${judged.length} judged features could not be judged`,
    leftOut === 0 ? '' : `; ${leftOut} less important features are not looked at`,
    isZeroed ? '; all importances are 0, so every feature weighs the same' : '',
    isWeighed ? '; importances estimated from the baseline' : '',
  ].join('');
}
