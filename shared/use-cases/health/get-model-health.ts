import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';

type ModelHealthView = Pick<Evaluation, 'modelId' | 'verdict' | 'summary'> & {
  readonly missing: readonly string[];
  readonly health: ModelState['health'];
  readonly evaluation?: Evaluation;
};

/** The champion's latest scheduled verdict beside the health its lifecycle rests on. Throws `NotFound`. */
export async function getModelHealth(
  ports: { readonly events: EventStore; readonly evaluations: EvaluationStore },
  modelId: string,
): Promise<ModelHealthView> {
  const [{ state }, latest] = await Promise.all([loadModel(ports.events, modelId), ports.evaluations.latest(modelId)]);
  const { health, champion } = state;
  if (latest !== undefined && latest.version === champion?.version) {
    const { verdict, summary, confidence } = latest;
    return { modelId, verdict, summary, missing: confidence.reasons, health, evaluation: latest };
  }
  const missing =
    champion === undefined
      ? 'no version is deployed'
      : `version ${champion.version} has not been evaluated yet (every ${state.policy.evaluationIntervalMinutes} minutes)`;
  return { modelId, verdict: 'unknown', summary: `unknown: ${missing}`, missing: [missing], health };
}
