import type { Profile } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { Policy } from '../registry/policy.ts';
import type { Baseline } from './baseline.ts';
import type { Signal } from './evaluation.ts';
import { denseCounts } from './feature-drift.ts';
import { countText, figure, neededRowsText, pValueText } from './figures.ts';
import { kullbackLeibler } from './kullback-leibler.ts';
import { populationStabilityIndex } from './population-stability-index.ts';
import { evidenceOf, type Limits, limitsOf, scoreOf, verdictOf, worstVerdict } from './severity.ts';
import { insufficientSignal, type JudgedPart, leadingPart, reasonOf, withoutJudgement } from './signal.ts';

/**
 * KL(current ‖ baseline) of the output on the baseline's bins and, when the policy sets `psiBreach`, its PSI. `value`:
 * the divergence in nats. Either breaches alone; the score is the higher one.
 */
export function predictionDriftSignal(policy: Policy, baseline: Baseline | undefined, profile: Profile): Signal {
  const n = totalCount(profile.scores);
  const base = { name: 'predictionDrift', unit: 'nats', n, nNeeded: policy.minimumRows } as const;
  if (baseline === undefined) return insufficientSignal({ ...base, reason: 'the version has no baseline' });
  if (n < policy.minimumRows) return insufficientSignal({ ...base, reason: neededRowsText(policy.minimumRows, n) });
  const reference = denseCounts(baseline.scores, baseline.profile.scores);
  const current = denseCounts(baseline.scores, profile.scores);
  const divergence = kullbackLeibler(reference, current);
  const psi = populationStabilityIndex(reference, current);
  if (divergence.value === null) return insufficientSignal({ ...base, reason: divergence.reason });
  const { klWarning, klBreach, psiBreach } = policy.signals.predictionDrift;
  const parts = [
    shiftPart(policy, 'kl', divergence, { warning: klWarning, breach: klBreach }, n),
    ...(psiBreach === null || psi.value === null ? [] : [shiftPart(policy, 'psi', psi, limitsOf(psiBreach), n)]),
  ];
  const leading = leadingPart(parts);
  return {
    ...base,
    value: divergence.value,
    score: Math.max(...parts.map((part) => part.score ?? 0)),
    evidence: leading?.evidence ?? null,
    effect: leading?.effect ?? null,
    verdict: worstVerdict(parts.map((part) => part.verdict)),
    reason: reasonOf(parts),
    parts: parts.map(withoutJudgement),
  };
}

function shiftPart(
  policy: Policy,
  name: 'kl' | 'psi',
  shift: { readonly value: number; readonly pValue: number | null; readonly bias?: number },
  limits: Limits,
  n: number,
): JudgedPart {
  return {
    name,
    value: shift.value,
    reference: 0,
    evidence: shift.pValue,
    score: scoreOf(shift.value - (shift.bias ?? 0), limits),
    effect: shift.value / limits.breach,
    verdict: verdictOf(shift.value, limits, evidenceOf(policy, shift.pValue)),
    reason: `${name.toUpperCase()} of the output ${figure(shift.value)} (breach at ${limits.breach}, ${pValueText(shift.pValue)}, n ${countText(n)})`,
  };
}
