import { artifactUriSchema, digestSchema, modelIdSchema } from '../domain/registry/schemas.ts';
import { trainingCostSchema } from '../domain/retraining/rules/training-budget.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const runParams = z.strictObject({ runId: z.string().min(1).max(120) });
const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(1_000).optional(),
};

const trigger = z
  .object({
    cause: z.enum(['performance', 'drift', 'schedule', 'manual', 'policy', 'cascade', 'external']),
    decidedAt: instantSchema,
    evaluationId: z.string().optional(),
    cascadeId: z.string().optional(),
    policyVersion: z.number(),
    inputs: z.record(z.string(), z.unknown()),
    reason: z.string(),
  })
  .meta({ id: 'Trigger' });
const holdout = z.strictObject({ uri: artifactUriSchema, digest: digestSchema });

/** A retrain as clients see it: without the task token, which would let its bearer answer the workflow. */
export const retrain = z
  .object({
    retrainId: z.string(),
    runId: z.string(),
    modelId: modelIdSchema,
    team: z.string(),
    tier: z.number(),
    status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    triggers: z.array(trigger),
    stalenessScore: z.number().nullable(),
    requestedAt: instantSchema,
    hold: z
      .object({ by: z.string(), reason: z.string(), since: instantSchema })
      .optional()
      .meta({ description: 'somebody keeps it in the queue' }),
    bump: z.number().int().optional().meta({ description: 'tiers by which somebody made it more urgent' }),
    startedAt: instantSchema.optional(),
    endedAt: instantSchema.optional(),
    candidateVersion: z.number().optional(),
    holdout: holdout.optional(),
    rolloutId: z.string().optional(),
    /** Which orchestrator trains it; absent for the training queue. */
    connection: z.string().optional(),
    run: z
      .object({
        connection: z.string(),
        pipeline: z.string(),
        id: z.string(),
        requestedAt: instantSchema,
        attached: z.literal(true).optional(),
      })
      .optional(),
    /** What came of a run that outlived its retrain; `left` cannot be stopped. */
    runEnd: z.object({ outcome: z.enum(['ended', 'left']), reason: z.string().optional() }).optional(),
    requeues: z.number().int().optional(),
    failure: z.string().optional(),
  })
  .meta({ id: 'Retrain' });
const retrainPage = z.object({ items: z.array(retrain), cursor: z.string().optional() });

/** A retrain of all models' queue. */
const placed = retrain
  .extend({
    position: z
      .number()
      .int()
      .optional()
      .meta({ description: 'of one that waits: from 1, in the order of the starts' }),
    estimatedStartAt: instantSchema
      .optional()
      .meta({ description: 'if nothing new comes and each training takes an hour' }),
  })
  .meta({ id: 'PlacedRetrain' });

export type RetrainView = z.infer<typeof retrain>;

/** Counts against the budget of the model's policy. @default unknown, counts nothing */
const cost = trainingCostSchema.optional();

export const completionSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('succeeded'),
    modelVersion: z.number().int().min(1).max(1_000_000),
    holdout,
    cost,
  }),
  z.strictObject({ status: z.literal('failed'), error: z.string().min(1).max(2_000), cost }),
]);

export const requestRetrain = operation({
  id: 'requestRetrain',
  summary: 'Ask for a retrain. While one is open, the request is added to its causes.',
  params: modelParams,
  body: z.strictObject({ reason: z.string().min(1).max(1_000) }),
  response: retrain,
  status: 202,
  errors: ['unknown-model', 'illegal-transition', 'version-conflict'],
});

export const listRetrains = operation({
  id: 'listRetrains',
  summary: "A model's retrains, newest first, each with the triggers and the inputs they rested on.",
  params: modelParams,
  query: z.strictObject(pageQuery),
  response: retrainPage,
  errors: ['unknown-model', 'invalid-cursor'],
});

export const listQueue = operation({
  id: 'listQueue',
  summary:
    'Retrains of all models that wait, by tier, then staleness, then age, or that run. Who waits long moves up a tier.',
  query: z.strictObject({ status: z.enum(['queued', 'running']).default('queued'), ...pageQuery }),
  response: z.object({ items: z.array(placed), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const getRun = operation({
  id: 'getRun',
  summary: 'The retrain that a run belongs to.',
  params: runParams,
  response: retrain,
  errors: ['unknown-run'],
});

export const completeRun = operation({
  id: 'completeRun',
  summary: 'A trainer reports the end of a run. The same report again gets the same answer.',
  params: runParams,
  body: completionSchema,
  response: z.object({ runId: z.string(), status: z.enum(['succeeded', 'failed']) }),
  errors: [
    'unknown-run',
    'illegal-transition',
    'contradicting-completion',
    'invalid-request',
    'artifact-missing',
    'version-conflict',
  ],
});

const name = z.string().min(1).max(256);

export const attachRun = operation({
  id: 'attachRun',
  summary:
    "An operator has started a retrain's run, at its orchestrator or elsewhere (`by-hand`). A retrain that waits starts with it.",
  params: z.strictObject({ retrainId: z.string().min(1).max(120) }),
  body: z.strictObject({
    connection: z.string().min(1).max(63),
    pipeline: name,
    /** As the orchestrator finds it: `<workflow>/<instance>`, an execution's ARN. */
    id: z.string().min(1).max(1_000),
    reason: z.string().min(1).max(1_000),
  }),
  response: retrain,
  errors: ['unknown-retrain', 'illegal-transition', 'invalid-request', 'version-conflict'],
});
