import { modelIdSchema } from '../registry/schemas.ts';
import { instantSchema } from '../time.ts';
import * as z from '../zod.ts';

export const predictionIdSchema = z.string().min(1).max(128);
const finite = z.number({ error: 'expected a finite number' });
const version = z.number().int().min(1);

/**
 * One prediction as it goes over the wire. `score` is a probability for binary models, a value for regression.
 * Checks that need the model (feature names and types, score range) are in `validate-record.ts`.
 */
export const predictionSchema = z.strictObject({
  predictionId: predictionIdSchema,
  modelId: modelIdSchema,
  modelVersion: version,
  predictedAt: instantSchema,
  features: z.record(z.string().max(128), z.union([z.number(), z.string().max(1_000), z.boolean(), z.null()])),
  score: finite,
  /** Other versions' scores of the same features. */
  shadows: z
    .array(z.strictObject({ modelVersion: version, score: finite }))
    .max(4)
    .optional(),
  rolloutId: z.string().max(128).optional(),
  /** When the score was computed, if it was served later (`predictedAt`). */
  scoredAt: instantSchema.optional(),
  /** Share of the model's predictions that are sent, by hash of their ids (`isSampled`). @default 1 */
  samplingRatio: z.number().gt(0).max(1).optional(),
  /** What a recommender offered, the best first; `score` is that of the first. */
  items: z
    .array(z.strictObject({ itemId: z.string().min(1).max(128), score: finite }))
    .min(1)
    .max(200)
    .optional(),
});

/** One outcome: the record that carries ground truth for a prediction. */
export const outcomeSchema = z.strictObject({
  predictionId: predictionIdSchema,
  modelId: modelIdSchema,
  /** Names the segment to look in; without it the hours of the attribution window before `observedAt` are searched. */
  predictedAt: instantSchema.optional(),
  observedAt: instantSchema,
  label: finite,
  /** One of the model's `outcomeTypes`. @default the first */
  outcomeType: z.string().max(32).optional(),
  /** Of a prediction with `items`: which one the label is about. */
  itemId: z.string().min(1).max(128).optional(),
  /** Value of the model's business metric for this unit. */
  businessValue: finite.optional(),
});

/**
 * The value of the model's business metric for one unit of randomisation (a passenger, a household), of the time since a
 * rollout assigned it to an arm. Needs no prediction.
 */
export const businessMetricRecordSchema = z.strictObject({
  unitId: predictionIdSchema,
  modelId: modelIdSchema,
  /** The arm: which version serves the unit. */
  modelVersion: version,
  rolloutId: z.string().min(1).max(128),
  /** Name of the model's `businessMetric`. */
  metric: z.string().min(1).max(100),
  /** To date; a value observed later replaces it. */
  value: finite,
  /** When the unit was assigned; its hour is the one in which it counts. */
  assignedAt: instantSchema,
  observedAt: instantSchema,
});

export type BusinessMetricRecord = z.infer<typeof businessMetricRecordSchema>;
export type Prediction = z.infer<typeof predictionSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;
/** One line of a packed payload. */
export type PackedEvent =
  | { readonly kind: 'prediction'; readonly record: Prediction }
  | { readonly kind: 'outcome'; readonly record: Outcome }
  | { readonly kind: 'business-metric'; readonly record: BusinessMetricRecord };

type Bucketed =
  | { readonly kind: 'prediction' | 'outcome'; readonly record: { readonly predictionId: string } }
  | { readonly kind: 'business-metric'; readonly record: { readonly unitId: string } };

/** What the bucket of an event is the hash of. */
export function bucketedId({ kind, record }: Bucketed): string {
  return kind === 'business-metric' ? record.unitId : record.predictionId;
}
