import { type Actor, systemActor } from '../../domain/actor.ts';
import { illegalTransition } from '../../domain/errors.ts';
import { refusal, refusalText } from '../../domain/rollout/approval.ts';
import { isSuperseded } from '../../domain/rollout/decide-operation.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { hasFailed } from '../../domain/rollout/rollout-guards.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { type ChangeContext, changeModel, loadModel } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { endRollout } from './end-rollout.ts';
import { publishRouting, type RoutingDependencies } from './publish-routing.ts';

/** What a workflow's Catch gives. */
type Failure = { readonly Error: string; readonly Cause: string };
type Ordinary = 'RefuseRollout' | 'RollBackRollout';
/** The command that ends it, given the one that would do so without a person's wish. */
type EndWith = (ordinary: Ordinary, reason: string) => RolloutCommand;

const asJudged: EndWith = (type, reason) => ({ type, reason });
const aborted: EndWith = (_, reason) => ({ type: 'AbortRollout', reason });

/** Loadability or validation did not pass, or a person rejected the candidate before it served. */
export function rejectCandidate(
  dependencies: RoutingDependencies,
  { rolloutId, now }: RolloutTask,
): Promise<RolloutState> {
  return giveUp(dependencies, rolloutId, asJudged, (state) => {
    const { validation, loadability } = state;
    const reason =
      refusedBecause(state) ?? validation?.reason ?? loadability?.reason ?? 'the candidate was not validated';
    return { actor: systemActor('rollout'), now, reason };
  });
}

/** A step failed or a person rejected the next one, or with `error` the workflow did. A candidate that never served is refused instead. */
export function rollBack(
  dependencies: RoutingDependencies,
  { rolloutId, error, now }: RolloutTask & { readonly error?: Failure | undefined },
): Promise<RolloutState> {
  return giveUp(dependencies, rolloutId, asJudged, (state) => {
    const judged = refusedBecause(state) ?? state.judgements.at(-1)?.reason ?? 'the workflow came to no verdict';
    return {
      actor: systemActor('rollout'),
      now,
      reason: error === undefined ? judged : `${error.Error}: ${error.Cause}`.slice(0, 1_000),
    };
  });
}

/**
 * A person ends a rollout. The traffic goes back first and the workflow is stopped last, so that a crash in between
 * leaves a workflow whose next task finds the rollout ended. Throws `IllegalTransition` when it has ended otherwise.
 */
export async function abortRollout(
  dependencies: RoutingDependencies & { readonly workflows: WorkflowEngine },
  {
    rolloutId,
    actor,
    reason,
    now,
  }: { readonly rolloutId: string; readonly actor: Actor; readonly reason: string; readonly now: Instant },
): Promise<RolloutState> {
  const state = await giveUp(dependencies, rolloutId, aborted, () => ({ actor, now, reason }));
  if (state.status !== 'aborted') throw illegalTransition('AbortRollout', state.status, 'validating or canary');
  await dependencies.workflows.stop('rollOutVersion', rolloutId, reason);
  return state;
}

/**
 * Gives way to a newer candidate where the policy says so; the workflow finds it ended at its next task. Does nothing
 * where it does not, so that opening the newer one's rollout says what is in the way.
 */
export async function giveWay(
  dependencies: RoutingDependencies,
  { rolloutId, candidate, actor, now }: RolloutTask & { readonly candidate: number; readonly actor: Actor },
): Promise<void> {
  const { state } = await loadRollout(dependencies.events, rolloutId);
  if (!isSuperseded(state, candidate)) return;
  const reason = `version ${candidate} takes the place of version ${state.candidate}`;
  const superseded: EndWith = () => ({ type: 'SupersedeRollout', candidate });
  await giveUp(dependencies, rolloutId, superseded, () => ({ actor, now, reason }));
}

/** A fail counts more than what people said of it. */
function refusedBecause(state: RolloutState): string | undefined {
  const refused = hasFailed(state) ? undefined : refusal(state);
  return refused && refusalText(refused);
}

/** Brings all traffic back to the champion and ends the rollout; gives its state then, however it had ended before. */
async function giveUp(
  dependencies: RoutingDependencies,
  rolloutId: string,
  endWith: EndWith,
  contextOf: (state: RolloutState) => ChangeContext,
): Promise<RolloutState> {
  const { events } = dependencies;
  const { modelId } = (await loadRollout(events, rolloutId)).state;
  await withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    if (head.state.endedAt !== undefined) return;
    const context = contextOf(head.state);
    if (head.state.status === 'validating') await refuse(events, head, endWith, context);
    else await takeBack(dependencies, head, endWith, context);
  });
  await publishRouting(dependencies, modelId);
  return (await loadRollout(events, rolloutId)).state;
}

function refuse(events: EventStore, head: Head<RolloutState>, endWith: EndWith, context: ChangeContext): Promise<void> {
  const { rolloutId, candidate } = head.state;
  const { reason } = context;
  return endRollout(
    events,
    head,
    {
      rollout: endWith('RefuseRollout', reason),
      model: { type: 'RefuseCandidate', rolloutId, reason },
      versions: [[candidate, 'refused']],
    },
    context,
  );
}

/** The model says `rollback` from the first append until the champion's routing is out. */
async function takeBack(
  dependencies: RoutingDependencies,
  head: Head<RolloutState>,
  endWith: EndWith,
  context: ChangeContext,
): Promise<void> {
  const { rolloutId, modelId, candidate } = head.state;
  const { events } = dependencies;
  const { reason } = context;
  const model = await loadModel(events, modelId);
  if (model.state.lifecycle !== 'rollback')
    await changeModel(events, modelId, [{ type: 'StartRollback', rolloutId, reason }], context);
  await publishRouting(dependencies, modelId);
  await endRollout(
    events,
    head,
    {
      rollout: endWith('RollBackRollout', reason),
      model: { type: 'CompleteRollback', rolloutId },
      versions: [[candidate, 'rolled-back']],
    },
    context,
  );
}
