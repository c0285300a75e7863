import type { RawOutcome, RawPrediction } from '../domain/ground-truth/raw-rows.ts';
import type { RawFile } from '../ports/raw-archive.ts';
import { encodeParquet, type ParquetColumn } from './tables/encode-parquet.ts';

type RawEvent = RawPrediction | RawOutcome;

const identity = [
  { name: 'model_id', type: 'STRING', of: (row: RawEvent) => row.modelId },
  { name: 'prediction_id', type: 'STRING', of: (row: RawEvent) => row.predictionId, distinct: true },
] as const;
const arrival = [
  { name: 'writer', type: 'STRING', of: (row: RawEvent) => row.writer },
  { name: 'arrived_at', type: 'TIMESTAMP', of: (row: RawEvent) => row.arrivedAt },
  { name: 'position', type: 'STRING', of: (row: RawEvent) => row.position, distinct: true },
] as const;

/** Columns of the files of predictions, in their order. */
export const rawPredictionColumns: readonly ParquetColumn<RawPrediction>[] = [
  ...identity,
  { name: 'model_version', type: 'INT32', of: (row) => row.modelVersion },
  { name: 'predicted_at', type: 'TIMESTAMP', of: (row) => row.predictedAt },
  { name: 'scored_at', type: 'TIMESTAMP', of: (row) => row.scoredAt, nullable: true },
  { name: 'score', type: 'DOUBLE', of: (row) => row.score },
  { name: 'sampling_ratio', type: 'DOUBLE', of: (row) => row.samplingRatio },
  { name: 'in_sample', type: 'BOOLEAN', of: (row) => row.isInSample },
  { name: 'rollout_id', type: 'STRING', of: (row) => row.rolloutId, nullable: true },
  { name: 'shadows', type: 'STRING', of: (row) => row.shadows, nullable: true },
  { name: 'items', type: 'STRING', of: (row) => row.items, nullable: true },
  { name: 'features', type: 'STRING', of: (row) => row.features, distinct: true },
  { name: 'segments', type: 'STRING', of: (row) => row.segments, nullable: true },
  ...arrival,
];

/** Columns of the files of outcomes, in their order. */
export const rawOutcomeColumns: readonly ParquetColumn<RawOutcome>[] = [
  ...identity,
  { name: 'outcome_type', type: 'STRING', of: (row) => row.outcomeType },
  { name: 'item_id', type: 'STRING', of: (row) => row.itemId, nullable: true },
  { name: 'predicted_at', type: 'TIMESTAMP', of: (row) => row.predictedAt, nullable: true },
  { name: 'observed_at', type: 'TIMESTAMP', of: (row) => row.observedAt },
  { name: 'label', type: 'DOUBLE', of: (row) => row.label },
  { name: 'business_value', type: 'DOUBLE', of: (row) => row.businessValue, nullable: true },
  ...arrival,
];

/** `raw/predictions/arrival=2001-01-22T06/<name>.parquet`. */
export function rawKey(kind: 'predictions' | 'outcomes', { hour, name }: RawFile): string {
  return `raw/${kind}/arrival=${hour}/${name}.parquet`;
}

export function encodeRawPredictions(rows: readonly RawPrediction[]): Uint8Array {
  return encodeParquet(rawPredictionColumns, rows);
}

export function encodeRawOutcomes(rows: readonly RawOutcome[]): Uint8Array {
  return encodeParquet(rawOutcomeColumns, rows);
}
