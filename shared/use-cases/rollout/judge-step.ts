import type { ModelDefinition } from '../../domain/registry/schemas.ts';
import { judgeStep as judge } from '../../domain/rollout/judge-step.ts';
import { maturedWindow } from '../../domain/rollout/matured-window.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { hasFailed, judgementOfStep } from '../../domain/rollout/rollout-guards.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { look, lookAtPeople, type Move } from './look-at-rollout.ts';
import { rowCounts, unitCounts } from './step-counts.ts';

export type JudgeDependencies = { readonly events: EventStore; readonly metrics: GroundTruthMetrics };

/**
 * Judges the running step on what has matured, also while a person is waited for; the same moment again gives the same
 * move without a second look. While no step runs, it looks at the people only.
 */
export function judgeStep({ events, metrics }: JudgeDependencies, { rolloutId, now }: RolloutTask): Promise<Move> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const before = judgementOfStep(head.state);
    if (head.state.status !== 'canary' || before?.judgedAt === now || hasFailed(head.state))
      return lookAtPeople(events, head, now);
    const { definition } = (await loadModel(events, head.state.modelId)).state;
    const window = maturedWindow(head.state, definition.attributionWindowMinutes, now);
    const { businessMetric, outcomeDependsOnAction } = definition;
    const hours = await pairedHours(metrics, head.state, definition, window);
    const counts =
      businessMetric?.per === 'unit'
        ? unitCounts(head.state, hours)
        : await rowCounts(metrics, head.state, { maturedUntil: window.to, now });
    const model = { businessMetric, ...(outcomeDependsOnAction !== undefined && { outcomeDependsOnAction }) };
    const data = { ...model, hours, counts, maturedUntil: window.to };
    const { judgement } = judge(head.state, data, now);
    return look(events, head, [{ type: 'RecordJudgement', judgement }], { now, reason: judgement.reason });
  });
}

function pairedHours(
  metrics: GroundTruthMetrics,
  { rolloutId, modelId, champion, candidate }: RolloutState,
  { businessMetric }: ModelDefinition,
  window: { readonly from: Instant; readonly to: Instant },
) {
  if (window.from >= window.to) return [];
  return metrics.hourlyPaired({
    modelId,
    older: Math.min(champion, candidate),
    newer: Math.max(champion, candidate),
    ...(businessMetric?.per === 'unit' && { units: { rolloutId, metric: businessMetric.name } }),
    ...window,
  });
}
