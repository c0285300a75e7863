import { systemActor } from '../../domain/actor.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { statusToReport } from '../../domain/health/status-to-report.ts';
import type { Lifecycle, ModelState } from '../../domain/registry/model.ts';
import type { ModelCommand } from '../../domain/registry/model-events.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Nothing is done about the health of a model that is on its way out. */
const silent: readonly Lifecycle[] = ['registered', 'deprecated', 'retired'];

/**
 * Moves the model's health when the evaluation says something new about the version that still serves, and proposes to
 * deprecate a model that has been at risk for too long. `known`: the
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
  const { kind, verdict, version, evaluationId, causes, evaluatedAt, summary } = evaluation;
  if (head.state.champion?.version !== version || silent.includes(head.state.lifecycle)) return undefined;
  const status = statusToReport(evaluation);
  const commands: readonly ModelCommand[] = [
    ...(status === undefined ? [] : [{ type: 'ReportHealth', status, evaluationId, causes } as const]),
    // Also when the verdict is no news, or cannot be trusted: the breach stands as long.
    ...(kind === 'scheduled' && verdict === 'at-risk' ? [{ type: 'ProposeDeprecation' } as const] : []),
  ];
  return planModelChange(head, commands, {
    actor: systemActor('health'),
    now: evaluatedAt,
    reason: summary,
    // A scan evaluates many models; what comes of this one is found under its evaluation.
    correlationId: evaluationId,
  }).commit;
}
