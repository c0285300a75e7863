import { systemActor } from '../../domain/actor.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels } from '../../domain/registry/model-lists.ts';
import { decideTrigger, holdReason } from '../../domain/retraining/decide-trigger.ts';
import type { Instant } from '../../domain/time.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { appendRequest } from './request-retrain.ts';

export type DecideDependencies = { readonly events: EventStore; readonly evaluations: EvaluationStore };
export type Decided = { readonly retrainId: string } | { readonly hold: string };
export type Swept = {
  readonly models: number;
  readonly retrainIds: readonly string[];
  readonly failures: readonly { readonly modelId: string; readonly error: unknown }[];
};

const pageSize = 100;

/** Decides for one model on its present state and its latest scheduled evaluation. Throws `NotFound`. */
export function decideRetrain(
  { events, evaluations }: DecideDependencies,
  modelId: string,
  now: Instant,
): Promise<Decided> {
  return withRetryOnConflict(async () => {
    const head = await loadModel(events, modelId);
    const hold = holdReason(head.state, now);
    if (hold !== undefined) return { hold };
    const evaluation = await evaluations.latest(modelId);
    const decision = decideTrigger(head.state, evaluation, now);
    if ('hold' in decision) return decision;
    const reason = decision.retrain.map((trigger) => `${trigger.cause}: ${trigger.reason}`).join('; ');
    const request = { triggers: decision.retrain, stalenessScore: evaluation?.stalenessScore ?? null };
    return { retrainId: await appendRequest(events, head, request, { actor: systemActor('retraining'), now, reason }) };
  });
}

/** Decides for every model; one that fails is reported and does not keep the others waiting. */
export async function decideAllRetrains(dependencies: DecideDependencies, now: Instant): Promise<Swept> {
  const retrainIds: string[] = [];
  const failures: Swept['failures'][number][] = [];
  let models = 0;
  let cursor: string | undefined;
  do {
    const page = await dependencies.events.list<ModelState>(allModels, {
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { state } of page.items) {
      models += 1;
      // The list may lag; whoever is held by it for no reason is decided by the next sweep.
      if (holdReason(state, now) !== undefined) continue;
      try {
        const decided = await decideRetrain(dependencies, state.modelId, now);
        if ('retrainId' in decided) retrainIds.push(decided.retrainId);
      } catch (error) {
        failures.push({ modelId: state.modelId, error });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { models, retrainIds, failures };
}
