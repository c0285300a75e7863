import { systemActor } from '../../domain/actor.ts';
import type { ModelDefinition } from '../../domain/registry/schemas.ts';
import { judgementOfStep } from '../../domain/rollout/decide-rollout.ts';
import {
  elapsedHours,
  judgeStep as judge,
  maturedWindow,
  type NextMove,
  nextMove,
} from '../../domain/rollout/judge-step.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout, planRolloutChange } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import type { Move } from './judge-validation.ts';

export type JudgeDependencies = { readonly events: EventStore; readonly metrics: GroundTruthMetrics };

/** Judges the running step on what has matured; the same moment again gives the same move without a second look. */
export function judgeStep({ events, metrics }: JudgeDependencies, { rolloutId, now }: RolloutTask): Promise<Move> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const before = judgementOfStep(head.state);
    if (before?.judgedAt === now)
      return toMove(head.state, nextMove(head.state, before.verdict, elapsedHours(head.state, now)));
    const { definition } = (await loadModel(events, head.state.modelId)).state;
    const window = maturedWindow(head.state, definition.attributionWindowMinutes, now);
    const { businessMetric } = definition;
    const data = { hours: await pairedHours(metrics, head.state, definition, window), businessMetric };
    const { judgement, ...decision } = judge(head.state, data, now);
    const context = { actor: systemActor('rollout'), now, reason: judgement.reason };
    await events.append(planRolloutChange(rolloutId, head, { type: 'RecordJudgement', judgement }, context));
    return toMove(head.state, decision);
  });
}

function toMove(
  { step }: RolloutState,
  { next, holdSeconds }: { readonly next: NextMove; readonly holdSeconds: number },
): Move {
  return { next, step: next === 'advance' ? step + 1 : step, holdSeconds };
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
