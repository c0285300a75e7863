import { policySchema } from '../domain/registry/policy.ts';
import { modelIdSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const stretch = z.strictObject({ from: instantSchema, to: instantSchema });

export const replayEvaluation = operation({
  id: 'replayEvaluation',
  summary: 'Make a recorded evaluation again from the inputs it rested on, and compare the two bit for bit.',
  params: z.strictObject({ modelId: modelIdSchema, evaluationId: z.string().min(1).max(200) }),
  response: z.object({
    evaluationId: z.string(),
    /** The same to the last bit. */
    isIdentical: z.boolean(),
    /** Fields that came out differently: only after a change of how verdicts are made. */
    differences: z.array(z.string()),
    /** As it comes out now. */
    replayed: z.record(z.string(), z.unknown()),
  }),
  errors: ['unknown-evaluation'],
});

const alert = z.object({
  at: instantSchema,
  /** When a trusted evaluation cleared it, or the version was replaced; null when it stood at the end. */
  until: instantSchema.nullable(),
  version: z.number().int(),
  causes: z.array(z.string()),
  reason: z.string(),
});

const run = z
  .object({
    alerts: z.array(alert),
    alertsPerWeek: z.number(),
    /** Alerts that never stood within a degradation. */
    falseAlerts: z.number().int(),
    /** One per degradation, in their order. */
    detections: z.array(
      z.object({
        from: instantSchema,
        to: instantSchema,
        /** null: missed. */
        detectedAt: instantSchema.nullable(),
        /** Negative: an alert stood already when it began. */
        delayHours: z.number().nullable(),
      }),
    ),
    retrains: z.array(z.object({ at: instantSchema, causes: z.array(z.string()) })),
    retrainCost: z.number(),
    /** Share of the evaluations at which the model was held to be at risk. */
    atRiskRatio: z.number(),
  })
  .meta({ id: 'BacktestRun' });

export const runBacktest = operation({
  id: 'runBacktest',
  summary: 'Run a candidate policy over the recorded evaluations, beside the current one. Changes nothing.',
  params: z.strictObject({ modelId: modelIdSchema }),
  body: z.strictObject({
    /** The candidate. */
    policy: policySchema,
    /** @default 30 days before `to` */
    from: instantSchema.optional(),
    /** @default now */
    to: instantSchema.optional(),
    /** When the model really was worse. @default found in hindsight, from all outcomes known by now */
    degradations: z
      .array(stretch.refine(({ from, to }) => from < to, 'expected `from` before `to`'))
      .max(100)
      .optional(),
    /** Of one retrain, in any unit. */
    retrainCost: z.number().min(0).max(1e9).default(1),
  }),
  response: z.object({
    modelId: modelIdSchema,
    from: instantSchema,
    to: instantSchema,
    /** That were judged. */
    evaluations: z.number().int(),
    /** Every n-th recorded evaluation was judged. */
    everyNth: z.number().int(),
    degradations: z.array(
      z.object({
        from: instantSchema,
        to: instantSchema,
        source: z.enum(['given', 'hindsight']),
        metrics: z.array(z.string()),
      }),
    ),
    current: run,
    candidate: run,
    /** What the comparison cannot know. */
    assumptions: z.array(z.string()),
  }),
  errors: ['unknown-model', 'empty-window', 'window-too-long', 'nothing-recorded'],
});
