import { modelIdSchema } from '../domain/registry/schemas.ts';
import { externalReasonSchema } from '../domain/retraining/external-trigger.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

export const receiveTrigger = operation({
  id: 'receiveTrigger',
  summary:
    'Ask for a retrain from outside, with a webhook that is signed as Standard Webhooks says instead of a token. The same webhook-id asks once.',
  params: z.strictObject({ modelId: modelIdSchema }),
  body: z.strictObject({ reason: externalReasonSchema }),
  response: z.object({ modelId: modelIdSchema, retrainId: z.string() }),
  maxBodyBytes: 65_536,
  errors: ['webhook-not-authorized', 'illegal-transition', 'idempotency-key-reused', 'idempotency-in-progress'],
});
