import type { VersionStatus } from '../../domain/registry/model.ts';
import type { ModelCommand } from '../../domain/registry/model-events.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { loadVersion, planVersionStatus } from '../registry/change-version.ts';
import { planCascadeOpening } from '../retraining/open-cascade.ts';
import { planRolloutChange } from './change-rollout.ts';

export type Ending = {
  readonly rollout: RolloutCommand;
  readonly model: ModelCommand;
  /** New status by version number. */
  readonly versions: readonly (readonly [version: number, status: VersionStatus])[];
};

/** Ends a rollout in one append: its own stream, the model's and the versions', and with a promotion the cascade's. */
export async function endRollout(
  events: EventStore,
  head: Head<RolloutState>,
  ending: Ending,
  context: ChangeContext,
): Promise<void> {
  const { rolloutId, modelId } = head.state;
  const model = planModelChange(await loadModel(events, modelId), [ending.model], context);
  const versions = await Promise.all(
    ending.versions.map(async ([version, status]) =>
      planVersionStatus(await loadVersion(events, modelId, version), status, context),
    ),
  );
  const rollout = planRolloutChange(rolloutId, head, [ending.rollout], context);
  const cascade =
    ending.model.type === 'PromoteCandidate' ? await planCascadeOpening(events, model.state, head.state, context) : [];
  await events.append([...rollout.commits, ...(model.commit ? [model.commit] : []), ...versions.flat(), ...cascade]);
}
