import { outcomeTypeNameSchema } from '../domain/ground-truth/outcome-types.ts';
import { metricNames } from '../domain/ground-truth/performance-metrics.ts';
import { businessMetricRecordSchema, outcomeSchema, predictionSchema } from '../domain/ground-truth/records.ts';
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
const outcomeItem = z.unknown().meta({
  description: 'an outcome, see the schema Outcome, or a value of a unit (with unitId), see the schema BusinessMetric',
});

/** What the items of a batch are documented as. */
export const itemSchemas = {
  Prediction: predictionSchema,
  Outcome: outcomeSchema,
  BusinessMetric: businessMetricRecordSchema,
};

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
  summary:
    'Record what turned out true, of predictions or of units. Good ones are accepted, the others are listed by index.',
  body: z.strictObject({ outcomes: z.array(outcomeItem).min(1).max(20_000) }),
  response: ingested,
  status: 202,
  maxBodyBytes,
  errors: ['invalid-request', 'all-rejected', 'not-authorized', 'payload-too-large', 'dependency-unavailable'],
});

const window = { from: instantSchema, to: instantSchema };

const layer = z.enum(['speed', 'batch']);
const provenance = z.enum(['exact', 'proxy', 'imputed']);

/** Which rows and which labels. */
const scope = {
  /** Only the rows of this segment, under the primary outcome type. @default all rows */
  segment: z.string().max(63).optional(),
  /** @default the model's primary one */
  outcomeType: outcomeTypeNameSchema.optional(),
  /** What one join found. @default batch where it has joined the day, else speed */
  layer: layer.optional(),
};

const coverage = z.object({
  predictions: z.number(),
  /** Predictions whose attribution window has closed, and those of them that got a label. */
  closed: z.number(),
  attributed: z.number(),
  attributedClosed: z.number(),
  /** Their share; null while none has closed, and where only positives are recorded. */
  coverageRatio: figure,
  /** Labels over predictions, of whatever age. */
  labelledRatio: figure,
  /** Labels expected by now over predictions, by the delays of the model's trailing cohorts; null until they are known. */
  expectedRatio: figure,
});

/** How much truth a point rests on. */
const trust = {
  /** Requests that the predictions stand for, where only a sample was sent. */
  served: z.number(),
  coverage,
  /** Labels expected by now over labels expected in the end, 0..1; null until delays are known. */
  maturity: figure,
  /** Whether the labels that ought to have come by now are there. */
  labelSupply: z.enum(['idle', 'unknown', 'immature', 'short', 'sufficient']),
  /** Labels by how they came about. */
  provenance: z.object({ exact: z.number(), proxy: z.number(), imputed: z.number() }),
  /** Which join the rows are from. */
  layer: z.enum(['speed', 'batch', 'mixed']).optional(),
};

/**
 * Of predictions with `items`, by their first ten and what the primary outcome type says of items; absent without any.
 * Means over the judged lists, which have a relevant item, listed or not; null where there is none. Days that the batch joined
 * before it judged lists have none; `layer=speed` has those of all days.
 */
const ranking = z.object({
  lists: z.number(),
  judgedLists: z.number(),
  ndcg10: figure,
  recall10: figure,
  precision10: figure,
  map10: figure,
  mrr10: figure,
  hitRate10: figure,
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
    /** @default all that are defined for such labels */
    metric: z.enum([...metricNames.binary, ...metricNames.regression]).optional(),
    ...scope,
    /** Only labels that came about like this. @default all */
    provenance: provenance.optional(),
  }),
  response: z.object({
    modelId: modelIdSchema,
    version: z.number(),
    taskType: taskTypeSchema,
    outcomeType: z.string(),
    segment: z.string().optional(),
    asOf: instantSchema,
    ...window,
    /** What trailing cohorts tell of when labels come. */
    labelDelays: z.object({
      /** Share of predictions that gets a label in the end; null until a cohort was followed to the end of its window. */
      eventualShare: figure,
      predictions: z.number(),
      labels: z.number(),
    }),
    /** Scores with a label beside those without one; null where scores of all are not kept. */
    selection: z
      .object({
        labelled: z.number(),
        unlabelled: z.number(),
        meanLabelledScore: figure,
        meanUnlabelledScore: figure,
        unlabelledScoresAboveRatio: figure,
        pValue: figure,
        isSelected: z.boolean(),
      })
      .nullable(),
    points: z.array(
      z.object({
        ...window,
        n: z.number(),
        predictions: z.number(),
        ...trust,
        metrics: z.record(z.string(), figure),
        reasons: z.record(z.string(), z.string()),
        ranking: ranking.optional(),
      }),
    ),
  }),
  errors: [
    'unknown-model',
    'unknown-version',
    'unknown-segment',
    'unknown-outcome-type',
    'no-champion',
    'invalid-request',
  ],
});

const arm = z.object({ n: z.number(), mean: figure, standardDeviation: figure });

export const getPairedPerformance = operation({
  id: 'getPairedPerformance',
  summary: 'Two versions on the same requests: loss of each, and the business metric of the arms of their rollout.',
  params: modelParams,
  query: z.strictObject({
    ...window,
    older: versionNumberSchema,
    newer: versionNumberSchema,
    /** Then the arms are those of its units, as `businessMetric` records tell them. @default those of predictions */
    rolloutId: z.string().min(1).max(128).optional(),
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
    ...scope,
  }),
  response: z.object({
    modelId: modelIdSchema,
    outcomeType: z.string(),
    segment: z.string().optional(),
    /** What the series can be asked for. */
    segments: z.array(z.string()),
    outcomeTypes: z.array(z.string()),
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
        labelledRatio: figure,
        expectedRatio: figure,
        maturity: figure,
        labelSupply: trust.labelSupply,
        provenance: trust.provenance,
        layer: trust.layer,
        value: figure,
        /** Of 95 %. */
        interval: z.object({ low: z.number(), high: z.number() }).optional(),
        /** Every prediction of the point has had its time for an outcome. */
        matured: z.boolean(),
      }),
    ),
  }),
  errors: [
    'unknown-model',
    'unknown-version',
    'unknown-segment',
    'unknown-outcome-type',
    'no-champion',
    'empty-window',
    'window-too-long',
  ],
});
