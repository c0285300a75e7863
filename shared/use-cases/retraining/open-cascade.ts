import type { ModelState } from '../../domain/registry/model.ts';
import type { CascadeState } from '../../domain/retraining/cascade/cascade.ts';
import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { cascadeIdOf, cascadeStream, retrainStream } from '../../domain/stream-ids.ts';
import type { EventStore, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { planCascadeChange } from './change-cascade.ts';

/**
 * The cascade of a promotion, for the append that promotes: neither is there without the other. None when the promotion
 * is itself a step of a cascade, whose plan goes on to what depends on this model.
 */
export async function planCascadeOpening(
  events: EventStore,
  { definition }: Pick<ModelState, 'definition'>,
  { rolloutId, modelId, candidate: version, retrainId }: RolloutState,
  context: ChangeContext,
): Promise<readonly NewCommit[]> {
  if (retrainId !== undefined && (await isStepOfCascade(events, retrainId))) return [];
  const cascadeId = cascadeIdOf(modelId, version);
  const head = await events.head<CascadeState>(cascadeStream(cascadeId));
  const { team, tier } = definition;
  const command = { type: 'OpenCascade', cascadeId, modelId, team, tier, version, rolloutId } as const;
  return planCascadeChange(cascadeId, head, command, { ...context, reason: `version ${version} was promoted` });
}

async function isStepOfCascade(events: EventStore, retrainId: string): Promise<boolean> {
  const retrain = await events.head<RetrainState>(retrainStream(retrainId));
  const ids = retrain?.state.triggers.flatMap(({ cascadeId }) => cascadeId ?? []) ?? [];
  const cascades = await Promise.all(ids.map((id) => events.head<CascadeState>(cascadeStream(id))));
  return cascades.some(
    (head) =>
      head !== undefined &&
      // A newer version upstream has a plan of its own, which this promotion is no step of.
      head.state.stop?.kind !== 'superseded' &&
      head.state.members.some((member) => member.retrainId === retrainId && member.status === 'requested'),
  );
}
