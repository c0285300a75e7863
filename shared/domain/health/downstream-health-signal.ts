import type { Policy } from '../registry/policy.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { Signal, SignalPart, SignalVerdict } from './evaluation.ts';
import { figure } from './figures.ts';
import type { HealthRow } from './health-row.ts';
import { worstVerdict } from './severity.ts';
import { insufficientSignal } from './signal.ts';

/** A model that consumes this one and has labels, as its row said when the scan began. */
export type DownstreamModel = Pick<HealthRow, 'modelId' | 'evaluatedAt'> & Required<Pick<HealthRow, 'realized'>>;

/** Of all tiers the longest interval is 45 minutes; a model that was not judged for a day says nothing about now. */
const recentMillis = dayMillis;

/**
 * How the models do that consume this one and have labels: what a model without any does badly shows there first. `value`:
 * the worst score of their realized performance and concept drift. A warning at most, unless the policy makes it
 * decisive: they may have reasons of their own. undefined, because it does not apply, without such models or with labels of
 * the model's own.
 */
export function downstreamHealthSignal(
  policy: Policy,
  downstream: readonly DownstreamModel[],
  { hasLabels, evaluatedAt }: { readonly hasLabels: boolean; readonly evaluatedAt: Instant },
): Signal | undefined {
  if (hasLabels || downstream.length === 0) return undefined;
  const base = { name: 'downstreamHealth', unit: 'score', nNeeded: 1 } as const;
  const isRecent = (model: DownstreamModel) => toMillis(evaluatedAt) - toMillis(model.evaluatedAt) <= recentMillis;
  const recent = downstream.filter(isRecent).toSorted((a, b) => b.realized.score - a.realized.score);
  const parts = recent.map((model) => partOf(policy, model));
  const [worst] = parts;
  if (worst?.value === undefined || worst.value === null) {
    const reason = `none of ${downstream.length} models downstream was evaluated within a day`;
    return insufficientSignal({ ...base, n: 0, reason });
  }
  const { value, reason } = worst;
  const verdict = worstVerdict(parts.map((part) => part.verdict));
  return { ...base, n: recent.length, value, score: value, evidence: null, effect: value, verdict, reason, parts };
}

function partOf(policy: Policy, { modelId, realized }: DownstreamModel): SignalPart {
  const { score } = realized;
  const verdict = score >= 1 && !policy.signals.downstreamHealth.decisive ? 'warning' : verdictOf(score);
  const reason = `${modelId} downstream has a performance score of ${figure(score)} (breach at 1)`;
  return { name: modelId, value: score, reference: 0, evidence: null, effect: score, verdict, reason };
}

function verdictOf(score: number): SignalVerdict {
  if (score >= 1) return 'breach';
  return score >= 0.5 ? 'warning' : 'ok';
}
