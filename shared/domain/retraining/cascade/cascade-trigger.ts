import type { ModelState } from '../../registry/model.ts';
import type { Instant } from '../../time.ts';
import type { TriggerRecord } from '../retrain.ts';
import { sharedInputs } from '../trigger-inputs.ts';
import type { CascadeMember, CascadeState } from './cascade.ts';

/** Why a cascade retrains a model: the promotion, and what became of all that it waited for. */
export function cascadeTrigger(
  model: ModelState,
  { cascadeId, modelId, version, promotedAt, members }: CascadeState,
  { wave, after }: CascadeMember,
  now: Instant,
): TriggerRecord {
  const upstreams = after.map((place) => members[place]!);
  const waitedFor = upstreams.map(({ modelId: id, status, retrainId, endedAt }) => ({
    modelId: id,
    status,
    ...(retrainId !== undefined && { retrainId }),
    ...(endedAt !== undefined && { endedAt }),
  }));
  const waited = upstreams.map(({ modelId: id, status }) => `${id} (${status})`).join(', ');
  return {
    cause: 'cascade',
    decidedAt: now,
    cascadeId,
    policyVersion: model.policyVersion,
    inputs: { ...sharedInputs(model, now), promotion: { modelId, version, promotedAt }, wave, waitedFor },
    reason: `${modelId} v${version} was promoted ${promotedAt}${waited === '' ? '' : `; waited for ${waited}`}`,
  };
}
