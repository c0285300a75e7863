import type { Actor } from '../../domain/actor.ts';
import { illegalTransition } from '../../domain/errors.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { ModelCommand } from '../../domain/registry/model-events.ts';
import type { Holdout } from '../../domain/retraining/retrain.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, NewCommit } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { loadVersion, planVersionStatus } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { planRolloutChange } from './change-rollout.ts';
import { giveWay } from './give-up-rollout.ts';
import type { RoutingDependencies } from './publish-routing.ts';

export type RolloutRequest = {
  readonly modelId: string;
  readonly candidate: number;
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Instant;
  /** Without one, validation is inconclusive and the candidate is refused, or starts in shadow if the policy says so. */
  readonly holdout?: Holdout;
};

/**
 * Opens a rollout of a registered version against the champion and starts its workflow; gives its id. An open rollout of
 * an older candidate gives way where its policy says so. Throws `NotFound`, and `IllegalTransition` when a retrain or
 * another rollout is open or the version is the champion.
 */
export async function openRollout(
  dependencies: RoutingDependencies & { readonly workflows: WorkflowEngine },
  { modelId, candidate, actor, reason, now, holdout }: RolloutRequest,
): Promise<string> {
  const { events, workflows } = dependencies;
  const { openRollout: open } = (await loadModel(events, modelId)).state;
  if (open !== undefined) await giveWay(dependencies, { rolloutId: open.rolloutId, candidate, actor, now });
  const rolloutId = await withRetryOnConflict(async () => {
    const planned = await planRollout(
      events,
      { modelId, candidate, requestedBy: [actor.id], ...(holdout && { holdout }) },
      { actor, now, reason },
    );
    await events.append(planned.commits);
    return planned.rolloutId;
  });
  await startRolloutWorkflow({ events, workflows }, { rolloutId, modelId });
  return rolloutId;
}

/** The same input each time, so that a second start is recognised. */
export async function startRolloutWorkflow(
  { events, workflows }: { readonly events: EventStore; readonly workflows: WorkflowEngine },
  { rolloutId, modelId }: { readonly rolloutId: string; readonly modelId: string },
): Promise<void> {
  const correlationId = await correlationOfStream(events, rolloutStream(rolloutId));
  await workflows.start('rollOutVersion', rolloutId, { rolloutId, modelId, correlationId });
}

/** The commits that open a rollout: of the rollout, the model (with the commands `before`) and the candidate. */
export async function planRollout(
  events: EventStore,
  request: {
    readonly modelId: string;
    readonly candidate: number;
    readonly holdout?: Holdout;
    readonly retrainId?: string;
    /** People and services that caused it by hand: none of them approves it. */
    readonly requestedBy?: readonly string[];
    readonly before?: readonly ModelCommand[];
  },
  context: ChangeContext,
): Promise<{ readonly rolloutId: string; readonly commits: readonly NewCommit[] }> {
  const { modelId, candidate, holdout, retrainId, requestedBy = [], before = [] } = request;
  const model = await loadModel(events, modelId);
  const version = await loadVersion(events, modelId, candidate);
  const change = planModelChange(model, [...before, { type: 'OpenRollout', candidate }], context);
  const { openRollout, champion, policy } = change.state;
  if (openRollout === undefined || champion === undefined || change.commit === undefined)
    throw illegalTransition('OpenRollout', 'no champion', 'a deployed version');
  const { rolloutId } = openRollout;
  const start: RolloutCommand = {
    type: 'StartRollout',
    rolloutId,
    modelId,
    champion: champion.version,
    candidate,
    policy: holdout === undefined ? firstInShadow(change.state) : policy.rollout,
    validationPolicy: policy.validation,
    ...(holdout && { holdout }),
    ...(retrainId !== undefined && { retrainId }),
    ...(requestedBy.length > 0 && { requestedBy }),
  };
  const rollout = planRolloutChange(rolloutId, undefined, [start], context).commits;
  return { rolloutId, commits: [change.commit, ...rollout, ...planVersionStatus(version, 'candidate', context)] };
}

/** Where the outcome depends on the action, scoring in shadow shows nothing: such a candidate needs its hold-out. */
function firstInShadow({ definition, policy }: ModelState): RolloutState['policy'] {
  const isShown = policy.validation.withoutHoldout === 'shadow' && definition.outcomeDependsOnAction !== true;
  return isShown ? { ...policy.rollout, steps: [0, ...policy.rollout.steps] } : policy.rollout;
}
