import type { Profile } from '../ground-truth/aggregates.ts';
import { totalCount } from '../ground-truth/sparse-counts.ts';
import type { DriftFacts } from './data-drift-signal.ts';
import { driftSides } from './drift-sides.ts';
import type { Signal } from './evaluation.ts';
import { denseCounts } from './feature-drift.ts';
import { neededRowsText } from './figures.ts';
import { judgedPart } from './judged-part.ts';
import { type Limits, limitsOf, worstVerdict } from './severity.ts';
import { insufficientSignal, leadingPart, reasonOf, withoutJudgement } from './signal.ts';
import { significanceOf } from './significance.ts';
import { klMeasure, psiMeasure, type ShiftMeasure } from './verdict/shift-measure.ts';

/**
 * KL(current ‖ baseline) of the output on the baseline's bins and, when the policy sets `psiBreach`, its PSI, on the same
 * evidence. `value`: the divergence in nats. Either breaches alone; the score is the higher one.
 */
export function predictionDriftSignal({ policy, baseline, current, alphaOf }: Omit<DriftFacts, 'features'>): Signal {
  const n = totalCount(current.profile.scores);
  const base = { name: 'predictionDrift', unit: 'nats', n, nNeeded: policy.minimumRows } as const;
  if (baseline === undefined) return insufficientSignal({ ...base, reason: 'the version has no baseline' });
  if (n < policy.minimumRows) return insufficientSignal({ ...base, reason: neededRowsText(policy.minimumRows, n) });
  const { klWarning, klBreach, psiBreach } = policy.signals.predictionDrift;
  const judging = {
    sides: driftSides(baseline, current),
    alphaOf: alphaOf ?? significanceOf(policy),
    effectAt: policy.signals.dataDrift.effectAt,
  };
  const shift = (name: 'kl' | 'psi', measure: ShiftMeasure, limits: Limits) =>
    judgedPart(judging, {
      name,
      measure,
      limits,
      of: 'the output',
      order: baseline.scores.kind === 'numeric' ? 'ordered' : 'nominal',
      feature: undefined,
      countsOf: (profile: Profile) => denseCounts(baseline.scores, profile.scores),
    });
  const parts = [
    shift('kl', klMeasure, { warning: klWarning, breach: klBreach }),
    ...(psiBreach === null ? [] : [shift('psi', psiMeasure, limitsOf(psiBreach))]),
  ];
  const leading = leadingPart(parts);
  const nNeeded = leading?.nNeeded ?? policy.minimumRows;
  if (leading === undefined || leading.verdict === 'insufficient-data')
    return insufficientSignal({
      ...base,
      nNeeded,
      parts: parts.map(withoutJudgement),
      reason: leading?.reason ?? 'nothing to compare',
    });
  return {
    ...base,
    nNeeded,
    value: parts[0]?.value ?? null,
    score: Math.max(...parts.map((part) => part.score ?? 0)),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict: worstVerdict(parts.map((part) => part.verdict)),
    reason: reasonOf(parts),
    parts: parts.map(withoutJudgement),
  };
}
