import type { TriggerRecord } from '../retraining/retrain.ts';
import { runIdOf } from '../retraining/retrain.ts';
import type { RetrainEvent } from '../retraining/retrain-events.ts';
import { versionOfCascade } from '../stream-ids.ts';
import type { Instant } from '../time.ts';
import { type Contribution, declareEdges, describe, type Edge } from './contribution.ts';
import { attributesOf, redescribe } from './described.ts';
import { entityOf, modelUri, pipelineUri, runUri, versionUri } from './entities.ts';
import type { EntityUri } from './entity-ref.ts';
import type { ProjectedEvent } from './projected-event.ts';

type Of<T extends RetrainEvent['type']> = Extract<RetrainEvent, { type: T }>;

/** What the stream of a retrain says of its run after an event of it; the same object after any other. */
export function projectRetrainEvent(state: Contribution, event: ProjectedEvent, at: Instant): Contribution {
  switch (event.type) {
    case 'RetrainRequested':
      return requested(state, event, at);
    case 'RetrainTriggerAdded':
      return triggered(state, runOf(event), [event.trigger], at);
    case 'RetrainStarted':
      return redescribe(state, { uri: runOf(event), attributes: { status: 'running', startedAt: event.startedAt } });
    case 'RetrainRequeued':
      return redescribe(state, { uri: runOf(event), attributes: { status: 'queued', startedAt: undefined } });
    case 'TrainingStarted':
      return trainingStarted(state, event, at);
    case 'TrainingCompleted':
      return trainingCompleted(state, event, at);
    case 'RetrainFailed':
      return ended(state, runOf(event), { status: 'failed', reason: event.reason }, event.endedAt);
    case 'RetrainCancelled':
      return ended(state, runOf(event), { status: 'cancelled', reason: event.reason }, event.endedAt);
    default:
      return state;
  }
}

function runOf({ retrainId }: { readonly retrainId: string }): EntityUri {
  return runUri(runIdOf(retrainId));
}

function requested(state: Contribution, event: Of<'RetrainRequested'>, at: Instant): Contribution {
  const { runId, retrainId, modelId, triggers, requestedAt } = event;
  const run = runUri(runId);
  const described = describe(state, {
    ...entityOf(run),
    description: `Training of ${modelId} for retrain ${retrainId}`,
    attributes: { status: 'queued', requestedAt },
  });
  const belongs = declareEdges(described, () => false, [{ from: run, type: 'partOf', to: modelUri(modelId) }], at);
  return triggered(belongs, run, triggers, at);
}

/** What began it is known where it was the promotion of a version. */
function triggered(state: Contribution, run: EntityUri, triggers: readonly TriggerRecord[], at: Instant): Contribution {
  const { causes = [] } = attributesOf(state, run);
  const known = Array.isArray(causes) ? (causes as readonly string[]) : [];
  const all = [...new Set([...known, ...triggers.map(({ cause }) => cause)])];
  const edges = triggers.flatMap(({ cascadeId }): readonly Edge[] => {
    const promoted = cascadeId === undefined ? undefined : versionOfCascade(cascadeId);
    if (promoted === undefined) return [];
    return [{ from: run, type: 'triggeredBy', to: versionUri(promoted.modelId, promoted.version) }];
  });
  const told = redescribe(state, { uri: run, attributes: { causes: all } });
  return edges.length === 0 ? told : declareEdges(told, () => false, edges, at);
}

// A pipeline is named within a connection, and two of them may have one of the same name.
function trainingStarted(state: Contribution, event: Of<'TrainingStarted'>, at: Instant): Contribution {
  const { connection, pipeline, id } = event.run;
  const run = runOf(event);
  const edge: Edge = { from: run, type: 'runOf', to: pipelineUri(`${connection}/${pipeline}`) };
  const told = redescribe(state, { uri: run, attributes: { connection, orchestratorRun: id } });
  return declareEdges(told, ({ type }) => type === 'runOf', [edge], at);
}

function trainingCompleted(state: Contribution, event: Of<'TrainingCompleted'>, at: Instant): Contribution {
  const { completion, modelId } = event;
  const run = runOf(event);
  if (completion.status === 'failed') return ended(state, run, { status: 'failed', reason: completion.error }, at);
  const edge: Edge = { from: versionUri(modelId, completion.modelVersion), type: 'producedBy', to: run };
  return declareEdges(ended(state, run, { status: 'succeeded' }, at), () => false, [edge], at);
}

/** A run ends once: what becomes of the retrain after its training says nothing of the run. */
function ended(
  state: Contribution,
  run: EntityUri,
  said: { readonly status: string; readonly reason?: string },
  endedAt: Instant,
): Contribution {
  if (attributesOf(state, run).endedAt !== undefined) return state;
  return redescribe(state, { uri: run, attributes: { ...said, endedAt } });
}
