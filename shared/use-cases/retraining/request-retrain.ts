import type { Actor } from '../../domain/actor.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { manualTrigger } from '../../domain/retraining/manual-trigger.ts';
import type { RetrainState, TriggerRecord } from '../../domain/retraining/retrain.ts';
import type { RetrainCommand } from '../../domain/retraining/retrain-events.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRetrain, planRetrainChange } from './change-retrain.ts';

export type ManualRequest = {
  readonly modelId: string;
  readonly reason: string;
  readonly actor: Actor;
  readonly now: Instant;
};

/**
 * A person asks for a retrain; gives the open one. Throws `NotFound`, and `IllegalTransition` when the model has no
 * champion, a rollout is open or it is deprecated.
 */
export function requestRetrain(
  events: EventStore,
  { modelId, reason, actor, now }: ManualRequest,
): Promise<RetrainState> {
  return withRetryOnConflict(async () => {
    const head = await loadModel(events, modelId);
    const triggers = [manualTrigger(head.state, actor, reason, now)];
    const retrainId = await appendRequest(events, head, { triggers, stalenessScore: null }, { actor, now, reason });
    return (await loadRetrain(events, retrainId)).state;
  });
}

/**
 * Opens a retrain for the triggers or adds them to the open one: the model's and the retrain's stream move together,
 * and what is appended `beside` them. Throws `VersionConflict` when the model has moved since `head` was read, so that the caller decides again.
 */
export async function appendRequest(
  events: EventStore,
  head: Head<ModelState>,
  { triggers, stalenessScore }: { readonly triggers: readonly TriggerRecord[]; readonly stalenessScore: number | null },
  context: ChangeContext,
  beside: readonly NewCommit[] = [],
): Promise<string> {
  const { modelId, definition } = head.state;
  const model = planModelChange(
    head,
    [{ type: 'RequestRetrain', causes: triggers.map(({ cause }) => cause) }],
    context,
  );
  const retrainId = model.state.openRetrain?.retrainId;
  if (retrainId === undefined) throw new Error(`no retrain of ${modelId} is open after it was requested`);
  const retrain = await events.head<RetrainState>(retrainStream(retrainId));
  const commands: readonly RetrainCommand[] =
    retrain === undefined
      ? [
          {
            type: 'RequestRetrain',
            retrainId,
            modelId,
            team: definition.team,
            tier: definition.tier,
            stalenessScore,
            triggers,
            ...(definition.orchestrator && { connection: definition.orchestrator.connection }),
          },
        ]
      : triggers.map((trigger) => ({ type: 'AddTrigger', trigger }));
  const commits = [
    ...(model.commit ? [model.commit] : []),
    ...planRetrainChange(retrainId, retrain, commands, context),
    ...beside,
  ];
  if (commits.length > 0) await events.append(commits);
  return retrainId;
}
