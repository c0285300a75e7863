import { illegalTransition } from '../../domain/errors.ts';
import type { CascadeState } from '../../domain/retraining/cascade/cascade.ts';
import type { CascadeCommand } from '../../domain/retraining/cascade/cascade-events.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { loadRollout } from '../rollout/change-rollout.ts';
import { changeCascade } from './change-cascade.ts';
import { loadRetrain } from './change-retrain.ts';

type Followed = { readonly state: CascadeState; readonly isTraining: boolean };
type Ending = Omit<Extract<CascadeCommand, { type: 'EndMember' }>, 'type' | 'modelId'>;

/** Notes how the retrain that a cascade asked for has ended: with a promotion, or without. */
export async function followMember(
  events: EventStore,
  state: CascadeState,
  modelId: string,
  context: ChangeContext,
): Promise<Followed> {
  const retrainId = state.members.find((member) => member.modelId === modelId)?.retrainId;
  if (retrainId === undefined) throw illegalTransition('EndMember', 'waiting', 'requested');
  const retrain = (await loadRetrain(events, retrainId)).state;
  const ending = await endingOf(events, retrain);
  if (ending === undefined) return { state, isTraining: retrain.status === 'queued' || retrain.status === 'running' };
  const reason = ending.reason ?? `${modelId} was promoted`;
  const after = await changeCascade(
    events,
    state.cascadeId,
    { type: 'EndMember', modelId, ...ending },
    { ...context, reason },
  );
  return { state: after, isTraining: false };
}

async function endingOf(events: EventStore, retrain: RetrainState): Promise<Ending | undefined> {
  const { retrainId, status, failure, endedAt, rolloutId } = retrain;
  if (endedAt === undefined) return undefined;
  if (status !== 'succeeded' || rolloutId === undefined)
    return { result: 'not-promoted', endedAt, reason: `${retrainId} ${status}: ${failure ?? 'no reason was given'}` };
  const rollout = (await loadRollout(events, rolloutId)).state;
  if (rollout.endedAt === undefined) return undefined;
  if (rollout.status === 'promoted') return { result: 'promoted', endedAt: rollout.endedAt };
  const reason = `${rolloutId} ${rollout.status}: ${rollout.reason ?? 'no reason was given'}`;
  return { result: 'not-promoted', endedAt: rollout.endedAt, reason };
}
