import { modelIdSchema, tierSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { outline, plannedRetrain } from './retraining-plans.ts';

const params = z.strictObject({ cascadeId: z.string().min(1).max(120) });

const member = plannedRetrain
  .extend({
    after: z.array(z.number().int()).meta({ description: 'places in `members` of what it waits for' }),
    status: z.enum(['waiting', 'requested', 'promoted', 'not-promoted', 'skipped']),
    hold: z.string().optional().meta({ description: 'why it does not start although its turn has come' }),
    retrainId: z.string().optional(),
    requestedAt: instantSchema.optional(),
    endedAt: instantSchema.optional(),
    reason: z.string().optional().meta({ description: 'why it was skipped or not promoted' }),
  })
  .meta({ id: 'CascadeMember' });

const cascade = z
  .object({
    cascadeId: z.string(),
    modelId: modelIdSchema,
    team: z.string(),
    tier: tierSchema,
    version: z.number().int(),
    rolloutId: z.string(),
    promotedAt: instantSchema,
    status: z.enum(['opened', 'running', 'ended']),
    plan: outline.optional().meta({ description: 'absent until it is planned, moments after the promotion' }),
    members: z.array(member).meta({ description: 'the retrains of the plan, by wave, then by priority' }),
    stop: z
      .object({ kind: z.enum(['vetoed', 'superseded']), by: z.string(), at: instantSchema, reason: z.string() })
      .optional()
      .meta({ description: 'why what had not started never will' }),
    endedAt: instantSchema.optional(),
  })
  .meta({ id: 'Cascade' });

export const listCascades = operation({
  id: 'listCascades',
  summary: 'What follows promotions: plans and how far they have come, the latest promotion first.',
  query: z.strictObject({
    status: z.enum(['open', 'ended']).default('open'),
    /** All of this model's promotions, whatever the status. */
    modelId: modelIdSchema.optional(),
    limit: z.coerce.number().int().min(1).max(20).default(20),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({ items: z.array(cascade), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const getCascade = operation({
  id: 'getCascade',
  summary: 'What follows one promotion: its plan, and what became of each retrain.',
  params,
  response: cascade,
  errors: ['unknown-cascade'],
});

export const vetoCascade = operation({
  id: 'vetoCascade',
  summary: 'Stop a cascade: what has not started never will, what has goes on.',
  params,
  body: z.strictObject({ reason: z.string().min(1).max(1_000) }),
  response: cascade,
  errors: ['unknown-cascade', 'illegal-transition', 'version-conflict'],
});
