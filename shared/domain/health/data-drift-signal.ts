import type { FeatureCounts, Profile } from '../ground-truth/aggregates.ts';
import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline } from './baseline.ts';
import type { Signal } from './evaluation.ts';
import { type ComparedFeature, type FeatureParts, featureParts } from './feature-drift.ts';
import { neededRowsText } from './figures.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal, leadingPart, reasonOf, withoutJudgement } from './signal.ts';

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

/**
 * PSI of each feature against the baseline, and the missing and unseen rates beside it. `value`: the largest PSI of the
 * judged features. One judged feature in breach is a breach; the score is their mean by importance.
 */
export function dataDriftSignal(
  policy: Policy,
  features: readonly Feature[],
  baseline: Baseline | undefined,
  profile: Profile,
): Signal {
  const base = { name: 'dataDrift', unit: 'PSI', n: profile.n, nNeeded: policy.minimumRows } as const;
  if (baseline === undefined) return insufficientSignal({ ...base, reason: 'the version has no baseline' });
  if (profile.n < policy.minimumRows)
    return insufficientSignal({ ...base, reason: neededRowsText(policy.minimumRows, profile.n) });
  const compared = features.map((feature) => featureParts(policy, comparedFeature(policy, feature, baseline, profile)));
  const parts = compared.flatMap((feature) => feature.parts).map(withoutJudgement);
  const judged = compared.filter((feature) => feature.isJudged);
  const judgedParts = judged.flatMap((feature) => feature.parts);
  const leading = leadingPart(judgedParts);
  if (leading === undefined || leading.verdict === 'insufficient-data')
    return insufficientSignal({ ...base, parts, reason: leading?.reason ?? 'the policy judges none of the features' });
  const psis = judged.flatMap((feature) => feature.psi ?? []);
  return {
    ...base,
    value: psis.length === 0 ? null : Math.max(...psis),
    score: rollUp(judged),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict: worstVerdict(judgedParts.map((part) => part.verdict)),
    reason: reasonOf(judgedParts) + remark(judged),
    parts,
  };
}

function comparedFeature(policy: Policy, feature: Feature, baseline: Baseline, profile: Profile): ComparedFeature {
  const judged = policy.signals.dataDrift.features;
  return {
    name: feature.name,
    importance: feature.importance,
    isJudged: judged === undefined || judged.includes(feature.name),
    bins: baseline.features[feature.name],
    reference: baseline.profile.features[feature.name] ?? nothing,
    current: profile.features[feature.name] ?? nothing,
  };
}

/** Features that could not be measured have no say; with all importances 0 every feature weighs the same. */
function rollUp(features: readonly FeatureParts[]): number {
  const scored = features.flatMap(({ score, importance }) => (score === null ? [] : [{ score, importance }]));
  const total = scored.reduce((sum, { importance }) => sum + importance, 0);
  const weights = scored.map(({ importance }) => (total === 0 ? 1 / scored.length : importance / total));
  return Math.min(
    1,
    scored.reduce((sum, { score }, i) => sum + score * weights[i]!, 0),
  );
}

function remark(judged: readonly FeatureParts[]): string {
  const unmeasured = judged.filter(({ score }) => score === null).length;
  const isUnweighted = judged.every(({ importance }) => importance === 0);
  return [
    unmeasured === 0 ? '' : `; ${unmeasured} of ${judged.length} judged features could not be measured`,
    isUnweighted ? '; all importances are 0, so every feature weighs the same' : '',
  ].join('');
}
