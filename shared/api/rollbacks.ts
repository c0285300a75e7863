import { modelIdSchema } from '../domain/registry/schemas.ts';
import { currencySchema } from '../domain/retraining/rules/training-budget.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { planSchema } from './retraining-plans.ts';

const rollback = z
  .object({
    modelId: modelIdSchema,
    version: z.number().int().meta({ description: 'the version that was taken back' }),
    restored: z.number().int().meta({ description: 'the version that serves now' }),
    withdrawnAt: instantSchema,
    reason: z.string(),
    /** Versions whose training consumed the one that was taken back, directly or through others. */
    dependants: z.array(
      z.object({
        modelId: modelIdSchema,
        version: z.number().int(),
        depth: z.number().int().meta({ description: '1: trained on it directly' }),
        status: z.enum(['registered', 'candidate', 'champion', 'withdrawn', 'refused', 'rolled-back']),
      }),
    ),
    truncated: z.boolean().meta({ description: 'there are more dependants' }),
    /** What would retrain because of it. Nothing was started. */
    plan: planSchema,
  })
  .meta({ id: 'Rollback' });

export const withdrawChampion = operation({
  id: 'withdrawChampion',
  summary:
    'Roll back after the promotion: the former champion, or the policy’s fallback version, has all the traffic again. ' +
    'Gives the versions that were trained on the one that was taken back, and what would retrain because of it.',
  params: z.strictObject({ modelId: modelIdSchema }),
  body: z.strictObject({
    version: z.number().int().min(1).meta({ description: 'the champion that is taken back' }),
    to: z.enum(['former-champion', 'fallback-version']).default('former-champion'),
    reason: z.string().min(1).max(1_000),
    /** Of the plan; costs in another one count as unknown. */
    currency: currencySchema.default('USD'),
  }),
  response: rollback,
  errors: ['unknown-model', 'unknown-version', 'illegal-transition', 'version-conflict'],
});
