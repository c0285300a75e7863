import type { ModelState } from '../registry/model.ts';
import { modelIdSchema } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import * as z from '../zod.ts';
import type { TriggerRecord } from './retrain.ts';
import { sharedInputs } from './trigger-inputs.ts';

/** What somebody outside says of a model. */
export const externalReasonSchema = z.string().min(1).max(1_000);

/** `eventId`: the same when it comes again. */
export type ExternalEvent = {
  readonly modelId: string;
  readonly source: string;
  readonly eventId: string;
  readonly reason: string;
};

/** `detail` of the event `RetrainTrigger` on the bus, and the body of the webhook without the model. */
export const externalDetailSchema = z.object({ modelId: modelIdSchema, reason: externalReasonSchema });

/** Something happened outside Runway; no cooldown holds it, as it holds no person. */
export function externalTrigger(
  model: ModelState,
  { source, eventId, reason }: ExternalEvent,
  now: Instant,
): TriggerRecord {
  return {
    cause: 'external',
    decidedAt: now,
    policyVersion: model.policyVersion,
    inputs: { ...sharedInputs(model, now), source, eventId },
    reason,
  };
}
