import { systemActor } from '../../domain/actor.ts';
import { statusToReport } from '../../domain/health/build-evaluation.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { Lifecycle, ModelState } from '../../domain/registry/model.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Nothing is done about the health of a model that is on its way out. */
const silent: readonly Lifecycle[] = ['registered', 'deprecated', 'retired'];

/**
 * Moves the model's health when the evaluation says something new about the version that still serves. `known`: the
 * model as it was evaluated; most evaluations have nothing new to say to it, and then nothing is read again.
 */
export async function reportHealth(store: EventStore, evaluation: Evaluation, known: Head<ModelState>): Promise<void> {
  if (newsFor(known, evaluation) === undefined) return;
  await withRetryOnConflict(async () => {
    const commit = newsFor(await loadModel(store, evaluation.modelId), evaluation);
    if (commit !== undefined) await store.append([commit]);
  });
}

function newsFor(head: Head<ModelState>, evaluation: Evaluation) {
  const status = statusToReport(evaluation);
  if (status === undefined) return undefined;
  if (head.state.champion?.version !== evaluation.version || silent.includes(head.state.lifecycle)) return undefined;
  const { evaluationId, causes, evaluatedAt, summary } = evaluation;
  return planModelChange(head, [{ type: 'ReportHealth', status, evaluationId, causes }], {
    actor: systemActor('health'),
    now: evaluatedAt,
    reason: summary,
    // A scan evaluates many models; what comes of this one is found under its evaluation.
    correlationId: evaluationId,
  }).commit;
}
