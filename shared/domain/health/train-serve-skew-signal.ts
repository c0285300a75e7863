import type { DriftFacts } from './data-drift-signal.ts';
import { driftSides } from './drift-sides.ts';
import type { Signal } from './evaluation.ts';
import { featureParts } from './feature-drift.ts';
import { weightedScore } from './feature-weights.ts';
import { neededRowsText } from './figures.ts';
import { judgedFeatures } from './judged-features.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal, leadingPart, reasonOf, withoutJudgement } from './signal.ts';
import { significanceOf } from './significance.ts';

/**
 * The inputs of a version's first day of service against its training baseline: a difference from the first moment on is
 * no drift, but a feature that is computed otherwise in training and in serving. One day does not vary, so it is held to
 * vary as a day of the baseline does. `value`: the largest PSI of the judged features.
 */
export function trainServeSkewSignal({ policy, features, baseline, current, alphaOf }: DriftFacts): Signal {
  const { n } = current.profile;
  const base = { name: 'trainServeSkew', unit: 'PSI', n, nNeeded: policy.minimumRows } as const;
  if (baseline === undefined) return insufficientSignal({ ...base, reason: 'the version has no baseline' });
  if (n < policy.minimumRows) return insufficientSignal({ ...base, reason: neededRowsText(policy.minimumRows, n) });
  const { effectAt } = policy.signals.dataDrift;
  const { judged: looked, weights } = judgedFeatures(policy, features, baseline);
  const sides = driftSides(baseline, { ...current, asReferenceDays: current.days });
  const judging = { sides, alphaOf: alphaOf ?? significanceOf(policy), effectAt };
  const judged = looked.map(({ name }) =>
    featureParts(
      policy,
      {
        name,
        isJudged: true,
        bins: baseline.features[name],
        singletonRatio: baseline.singletonRatios?.[name],
      },
      judging,
    ),
  );
  const judgedParts = judged.flatMap((feature) => feature.parts);
  const parts = judgedParts.map(withoutJudgement);
  const leading = leadingPart(judgedParts);
  const nNeeded = leading?.nNeeded ?? policy.minimumRows;
  if (leading === undefined || leading.verdict === 'insufficient-data')
    return insufficientSignal({ ...base, nNeeded, parts, reason: leading?.reason ?? 'the policy judges no feature' });
  const psis = judged.flatMap((feature) => feature.psi ?? []);
  return {
    ...base,
    nNeeded,
    value: psis.length === 0 ? null : Math.max(...psis),
    score: weightedScore(judged, weights),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict: worstVerdict(judgedParts.map((part) => part.verdict)),
    reason: `${reasonOf(judgedParts)}, on the first day of service`,
    parts,
  };
}
