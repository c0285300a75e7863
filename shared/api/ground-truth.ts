import { outcomeSchema, predictionSchema } from '../domain/ground-truth/records.ts';
import { modelIdSchema, taskTypeSchema, versionNumberSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const figure = z.number().nullable();
/** Batches up to 1 MB. */
const maxBodyBytes = 1_048_576;

// Items are checked one by one against their model, so that good ones are taken when others are not.
const predictionItem = z.unknown().meta({ description: 'a prediction, see the schema Prediction' });
const outcomeItem = z.unknown().meta({ description: 'an outcome, see the schema Outcome' });

/** What the items of a batch are documented as. */
export const itemSchemas = { Prediction: predictionSchema, Outcome: outcomeSchema };

const ingested = z.object({
  accepted: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), field: z.string(), code: z.string(), reason: z.string() })),
});

export const postPredictions = operation({
  id: 'postPredictions',
  summary: 'Record predictions. Good ones are accepted, the others are listed by index.',
  body: z.strictObject({ predictions: z.array(predictionItem).min(1).max(20_000) }),
  response: ingested,
  status: 202,
  maxBodyBytes,
  errors: ['invalid-request', 'all-rejected', 'not-authorized', 'payload-too-large', 'dependency-unavailable'],
});

export const postOutcomes = operation({
  id: 'postOutcomes',
  summary: 'Record what turned out true. Good ones are accepted, the others are listed by index.',
  body: z.strictObject({ outcomes: z.array(outcomeItem).min(1).max(20_000) }),
  response: ingested,
  status: 202,
  maxBodyBytes,
  errors: ['invalid-request', 'all-rejected', 'not-authorized', 'payload-too-large', 'dependency-unavailable'],
});

const window = { from: instantSchema, to: instantSchema };

const coverage = z.object({
  predictions: z.number(),
  closed: z.number(),
  attributed: z.number(),
  attributedClosed: z.number(),
  coverageRatio: figure,
});

export const getPerformance = operation({
  id: 'getPerformance',
  summary: "A version's realised metrics by the time of the predictions, in points of a chosen width.",
  params: modelParams,
  query: z.strictObject({
    ...window,
    /** @default the champion */
    version: versionNumberSchema.optional(),
    bucket: z.enum(['5m', '1h', '1d', 'all']).default('1h'),
  }),
  response: z.object({
    modelId: modelIdSchema,
    version: z.number(),
    taskType: taskTypeSchema,
    asOf: instantSchema,
    ...window,
    points: z.array(
      z.object({
        ...window,
        n: z.number(),
        predictions: z.number(),
        coverage,
        metrics: z.record(z.string(), figure),
        reasons: z.record(z.string(), z.string()),
      }),
    ),
  }),
  errors: ['unknown-model', 'unknown-version', 'no-champion', 'invalid-request'],
});

const arm = z.object({ n: z.number(), mean: figure });

export const getPairedPerformance = operation({
  id: 'getPairedPerformance',
  summary: 'Two versions on the same requests: loss of each, and the business metric of the arms of their rollout.',
  params: modelParams,
  query: z.strictObject({
    ...window,
    older: versionNumberSchema,
    newer: versionNumberSchema,
    bucket: z.enum(['1h', '1d', 'all']).default('1d'),
  }),
  response: z.object({
    modelId: modelIdSchema,
    older: z.number(),
    newer: z.number(),
    asOf: instantSchema,
    ...window,
    points: z.array(
      z.object({
        ...window,
        n: z.number(),
        olderLoss: figure,
        newerLoss: figure,
        difference: figure,
        relativeDifference: figure,
        standardDeviation: figure,
        arms: z.object({ older: arm, newer: arm }),
      }),
    ),
  }),
  errors: ['unknown-model', 'unknown-version', 'invalid-request'],
});

export const getPerformanceSeries = operation({
  id: 'getPerformanceSeries',
  summary: "A model's realised performance in one metric over time, with coverage and uncertainty, version by version.",
  params: modelParams,
  query: z.strictObject({
    /** @default 30 days before `to`; widened to whole steps */
    from: instantSchema.optional(),
    /** @default now; widened to whole steps */
    to: instantSchema.optional(),
    step: z.enum(['hour', 'day']).default('day'),
    /** @default every version that served as champion */
    version: versionNumberSchema.optional(),
  }),
  response: z.object({
    modelId: modelIdSchema,
    metric: z.enum(['logLossSkill', 'rmse']),
    betterIs: z.enum(['lower', 'higher']),
    /** The same metric over the champion's reference window. */
    reference: figure,
    points: z.array(
      z.object({
        ...window,
        version: z.number().int(),
        predictions: z.number(),
        /** Predictions whose attribution window has closed. */
        closed: z.number(),
        attributed: z.number(),
        coverageRatio: figure,
        value: figure,
        /** Of 95 %. */
        interval: z.object({ low: z.number(), high: z.number() }).optional(),
        /** Every prediction of the point has had its time for an outcome. */
        matured: z.boolean(),
        labels: z.literal('exact'),
      }),
    ),
  }),
  errors: ['unknown-model', 'unknown-version', 'no-champion', 'empty-window', 'window-too-long'],
});
