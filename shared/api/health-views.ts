import { signalNames } from '../domain/health/evaluation.ts';
import { fleetSorts } from '../domain/health/fleet-query.ts';
import { lifecycleSchema, modelIdSchema, teamSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const figure = z.number().nullable();
const verdict = z.enum(['healthy', 'at-risk', 'unknown']);
const signalVerdict = z.enum(['ok', 'warning', 'breach', 'insufficient-data']);
const level = z.enum(['high', 'medium', 'low']);
const day = z.iso.date();
// Every value of a query arrives as text.
const tier = z.enum(['1', '2', '3', '4']).transform(Number);
const counts = z.record(z.string(), z.number().int());

const fleetRow = z
  .object({
    modelId: modelIdSchema,
    name: z.string(),
    team: z.string(),
    tier: z.number().int(),
    domain: z.string(),
    lifecycle: lifecycleSchema,
    champion: z.number().int().optional(),
    /** Of the latest scheduled evaluation of the champion. */
    verdict,
    verdictSince: instantSchema,
    /** One sentence: verdict and reason. */
    summary: z.string(),
    /** 0 fresh … 1 stale. */
    stalenessScore: figure,
    confidence: z.object({ level, reasons: z.array(z.string()) }).nullable(),
    lastEvaluatedAt: instantSchema.nullable(),
    /** Serves, and has had no evaluation for twice its interval. */
    overdue: z.boolean(),
    /** Up to 30, ascending: the worst trusted verdict of the UTC day. A day without evaluation is absent. */
    days: z.array(z.object({ date: day, state: z.enum(['healthy', 'warning', 'breach', 'unknown']) })),
    openRetrain: z
      .object({ retrainId: z.string(), status: z.enum(['queued', 'running']), since: instantSchema })
      .optional(),
    openRollout: z
      .object({
        rolloutId: z.string(),
        status: z.enum(['validating', 'canary', 'rolling-back']),
        /** Share of the traffic that the candidate serves. */
        percent: z.number().optional(),
      })
      .optional(),
  })
  .meta({ id: 'FleetRow' });

export const listFleet = operation({
  id: 'listFleet',
  summary: 'All models with their state in one row each: filtered, sorted, paged, and counted under the same filters.',
  query: z.strictObject({
    team: teamSchema.optional(),
    tier: tier.optional(),
    lifecycle: lifecycleSchema.optional(),
    verdict: verdict.optional(),
    /** Part of the id or the name, in any case. */
    q: z.string().min(1).max(100).optional(),
    /** `attention`: at risk, then unknown, then healthy; within these by tier, then by staleness, worst first. */
    sort: z.enum(fleetSorts).default('attention'),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({
    items: z.array(fleetRow),
    cursor: z.string().optional(),
    /** Under the filters, over all pages. */
    total: z.number().int(),
    counts: z.object({ verdict: counts, lifecycle: counts, team: counts, tier: counts }),
    asOf: instantSchema,
  }),
  errors: ['invalid-cursor'],
});

const timelineSignal = z.object({ verdict: signalVerdict, value: figure, score: figure });

export const getTimeline = operation({
  id: 'getTimeline',
  summary: 'What the scheduled evaluations of a stretch of time said, in equal steps; a step without one is absent.',
  params: modelParams,
  query: z.strictObject({
    /** @default 30 days before `to` */
    from: instantSchema.optional(),
    /** @default now */
    to: instantSchema.optional(),
    points: z.coerce.number().int().min(10).max(1_000).default(200),
  }),
  response: z.object({
    modelId: modelIdSchema,
    from: instantSchema,
    to: instantSchema,
    stepMinutes: z.number(),
    points: z.array(
      z.object({
        /** Start of the step. */
        at: instantSchema,
        evaluations: z.number().int(),
        /** The worst of the step; everything that is not a verdict is its last. */
        verdict,
        stalenessScore: figure,
        confidence: level.nullable(),
        coverageRatio: figure,
        /** Of the signals that the evaluation has. */
        signals: z.partialRecord(z.enum(signalNames), timelineSignal),
      }),
    ),
    /** Staleness score at which the policy in force puts the model at risk. */
    threshold: z.number(),
  }),
  errors: ['unknown-model', 'empty-window', 'window-too-long'],
});

const stretch = z.object({ from: instantSchema, to: instantSchema, n: z.number() });

const distribution = z.object({
  name: z.string(),
  type: z.enum(['numeric', 'categorical']),
  psi: figure,
  /** 95 %, of the PSI less its small-sample bias. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  pValue: figure,
  /** Significance level of the test. */
  alpha: figure,
  /** PSI that the reference shows against itself; below it nothing breaches. */
  effectFloor: figure,
  /** Rows tell as much as n / designEffect independent ones. */
  designEffect: figure,
  /** Blocks of time behind the evidence. */
  blocks: z.object({ reference: z.number(), current: z.number() }).nullable(),
  verdict: signalVerdict,
  /** One sentence. */
  reason: z.string(),
  n: z.number(),
  /** Rows with which a shift of breach size is found; null: no number of rows would do. */
  nNeeded: figure,
  missingRatio: z.object({ reference: figure, current: figure }),
  bins: z.array(
    z.object({
      label: z.string(),
      /** Of numeric bins; null: open. */
      from: figure.optional(),
      to: figure.optional(),
      referenceCount: z.number(),
      currentCount: z.number(),
    }),
  ),
});

export const getDrift = operation({
  id: 'getDrift',
  summary:
    "The champion's inputs and outputs then (reference window) and now, on the same bins, the largest PSI first.",
  params: modelParams,
  query: z.strictObject({
    /** @default now */
    asOf: instantSchema.optional(),
    /** @default the policy's window */
    days: z.coerce.number().int().min(1).max(30).optional(),
    /** Only the rows of this segment of the model. @default all rows */
    segment: z.string().min(1).max(63).optional(),
  }),
  response: z.object({
    modelId: modelIdSchema,
    version: z.number().int(),
    segment: z.string().optional(),
    reference: stretch.nullable(),
    current: stretch,
    features: z.array(distribution),
    prediction: distribution.nullable(),
  }),
  errors: ['unknown-model', 'unknown-segment', 'no-champion', 'as-of-in-future', 'as-of-before-model'],
});
