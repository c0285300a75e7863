import { systemActor } from '../../domain/actor.ts';
import { statusToReport } from '../../domain/health/build-evaluation.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { Lifecycle } from '../../domain/registry/model.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Nothing is done about the health of a model that is on its way out. */
const silent: readonly Lifecycle[] = ['registered', 'deprecated', 'retired'];

/** Moves the model's health when the evaluation says something new about the version that still serves. */
export async function reportHealth(store: EventStore, evaluation: Evaluation): Promise<void> {
  const status = statusToReport(evaluation);
  if (status === undefined) return;
  await withRetryOnConflict(async () => {
    const head = await loadModel(store, evaluation.modelId);
    if (head.state.champion?.version !== evaluation.version || silent.includes(head.state.lifecycle)) return;
    const { evaluationId, causes, evaluatedAt, summary } = evaluation;
    const { commit } = planModelChange(head, [{ type: 'ReportHealth', status, evaluationId, causes }], {
      actor: systemActor('health'),
      now: evaluatedAt,
      reason: summary,
      // A scan evaluates many models; what comes of this one is found under its evaluation.
      correlationId: evaluationId,
    });
    if (commit !== undefined) await store.append([commit]);
  });
}
