import { toMillis } from '../time.ts';
import { columnsOfRows, type FeatureRow } from './feature-columns.ts';
import type { BusinessMetricRecord, Outcome, PackedEvent, Prediction } from './records.ts';

/** A valid prediction as the join takes it. Times are milliseconds since the epoch. */
export type JoinPrediction = {
  readonly predictionId: string;
  readonly modelVersion: number;
  readonly predictedAt: number;
  readonly scoredAt?: number;
  readonly score: number;
  readonly shadows: readonly { readonly version: number; readonly score: number }[];
  readonly rolloutId?: string;
  /** Share of the model's predictions that were sent when this one was, 0 exclusive to 1. @default 1 */
  readonly samplingRatio?: number;
  readonly items?: Prediction['items'];
  readonly features: FeatureRow;
};

/** A valid outcome as the join takes it. Times are milliseconds since the epoch. */
export type JoinOutcome = {
  readonly predictionId: string;
  readonly predictedAt?: number;
  readonly observedAt: number;
  /** @default the model's primary one */
  readonly outcomeType?: string;
  readonly itemId?: string;
  readonly label: number;
  readonly businessValue?: number;
};

/** A valid value of a unit as the join takes it. Times are milliseconds since the epoch. */
export type JoinBusinessMetric = Pick<
  BusinessMetricRecord,
  'unitId' | 'modelVersion' | 'rolloutId' | 'metric' | 'value'
> & { readonly assignedAt: number; readonly observedAt: number };

export type JoinInput =
  | { readonly kind: 'prediction'; readonly record: JoinPrediction }
  | { readonly kind: 'outcome'; readonly record: JoinOutcome }
  | { readonly kind: 'business-metric'; readonly record: JoinBusinessMetric };

/** Of a record that came on its own; those in columns never become objects with their features. */
export function joinInputOf(event: PackedEvent): JoinInput {
  if (event.kind === 'prediction') return { kind: 'prediction', record: joinPrediction(event.record) };
  if (event.kind === 'outcome') return { kind: 'outcome', record: joinOutcome(event.record) };
  const { modelId: _, assignedAt, observedAt, ...rest } = event.record;
  const times = { assignedAt: toMillis(assignedAt), observedAt: toMillis(observedAt) };
  return { kind: 'business-metric', record: { ...rest, ...times } };
}

function joinPrediction(record: Prediction): JoinPrediction {
  const { predictionId, modelVersion, score, features, shadows = [], rolloutId, scoredAt, samplingRatio } = record;
  return {
    predictionId,
    modelVersion,
    predictedAt: toMillis(record.predictedAt),
    score,
    shadows: shadows.map((shadow) => ({ version: shadow.modelVersion, score: shadow.score })),
    features: { columns: columnsOfRows([features]), row: 0 },
    ...(scoredAt !== undefined && { scoredAt: toMillis(scoredAt) }),
    ...(rolloutId !== undefined && { rolloutId }),
    ...(samplingRatio !== undefined && { samplingRatio }),
    ...(record.items !== undefined && { items: record.items }),
  };
}

export function joinOutcome({ predictionId, predictedAt, observedAt, label, ...rest }: Outcome): JoinOutcome {
  const { outcomeType, itemId, businessValue } = rest;
  return {
    predictionId,
    observedAt: toMillis(observedAt),
    label,
    ...(predictedAt !== undefined && { predictedAt: toMillis(predictedAt) }),
    ...(outcomeType !== undefined && { outcomeType }),
    ...(itemId !== undefined && { itemId }),
    ...(businessValue !== undefined && { businessValue }),
  };
}
