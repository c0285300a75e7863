import { modelIdSchema, tierSchema } from '../domain/registry/schemas.ts';
import { currencySchema } from '../domain/retraining/rules/training-budget.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

/** A plan of more would not fit into an answer; the figures of the plan are of all of it. */
export const maximumListed = 2_000;

const cost = z
  .object({
    known: z.number().meta({ description: 'sum of the latest runs’ costs, in the currency asked for' }),
    unknown: z.number().int().meta({ description: 'retrains whose cost no run has reported yet' }),
  })
  .meta({ id: 'PlannedCost' });

export const plannedRetrain = z
  .object({
    modelId: modelIdSchema,
    team: z.string(),
    tier: tierSchema,
    wave: z.number().int(),
    batch: z.number().int().optional(),
    cost: z.number().nullable(),
    companionOf: z.string().optional().meta({ description: 'the model that it accompanies, without a cooldown' }),
    joins: z.string().optional().meta({ description: 'the retrain that is open already and gets one more cause' }),
    startsAt: instantSchema.optional(),
    trainedAt: instantSchema.optional(),
    promotedAt: instantSchema.optional(),
  })
  .meta({ id: 'PlannedRetrain' });

/** A plan, its retrains apart. */
export const outline = z.object({
  plannedAt: instantSchema,
  waves: z.array(
    z.object({
      wave: z.number().int(),
      retrains: z.number().int(),
      cost,
      startsAt: instantSchema.optional(),
      promotedAt: instantSchema.optional(),
    }),
  ),
  excluded: z.array(
    z.object({
      modelId: modelIdSchema,
      reason: z.enum([
        'retired',
        'deprecated',
        'not-deployed',
        'vetoed',
        'policy-off',
        'rollout-open',
        'in-cascade',
        'cooldown',
      ]),
      detail: z.string(),
    }),
  ),
  cycles: z.array(
    z.object({
      members: z.array(z.string()),
      cuts: z.array(z.object({ dependant: z.string(), dependency: z.string(), reason: z.string() })),
    }),
  ),
  blastRadius: z.object({ retrains: z.number().int(), limit: z.number().int(), isExceeded: z.boolean() }),
  cost,
  costByTeam: z.record(z.string(), cost),
  endsAt: instantSchema.optional(),
  truncated: z.boolean().meta({ description: 'there are more retrains, exclusions or cuts than are listed' }),
});

export const planSchema = outline.extend({ retrains: z.array(plannedRetrain) }).meta({ id: 'RetrainingPlan' });

export const planRetrains = operation({
  id: 'planRetrains',
  summary:
    'What would retrain if new versions of these models were promoted now: in which order, when and at which cost. ' +
    'Starts nothing. Trainings that were never timed count as an hour.',
  body: z.strictObject({
    modelIds: z.array(modelIdSchema).min(1).max(20),
    /** Costs in another one count as unknown. */
    currency: currencySchema.default('USD'),
  }),
  response: planSchema,
  errors: ['unknown-model'],
});
