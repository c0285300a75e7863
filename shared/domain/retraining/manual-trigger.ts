import type { Actor } from '../actor.ts';
import type { ModelState } from '../registry/model.ts';
import type { Instant } from '../time.ts';
import type { TriggerRecord } from './retrain.ts';
import { sharedInputs } from './trigger-inputs.ts';

/** A person's or a service's own decision; no cooldown holds it. */
export function manualTrigger(model: ModelState, actor: Actor, reason: string, now: Instant): TriggerRecord {
  return {
    cause: 'manual',
    decidedAt: now,
    policyVersion: model.policyVersion,
    inputs: { ...sharedInputs(model, now), requestedBy: actor.id },
    reason,
  };
}

/** Who asked for the retrain by hand, each once. */
export function requestersOf({ triggers }: { readonly triggers: readonly TriggerRecord[] }): readonly string[] {
  const asked = triggers.filter(({ cause }) => cause === 'manual').map(({ inputs }) => inputs.requestedBy);
  return [...new Set(asked.filter((id) => typeof id === 'string'))];
}
