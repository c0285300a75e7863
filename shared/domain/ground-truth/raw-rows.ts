import { hourOfMillis } from '../time.ts';
import type { JoinEvent } from './bucket-state.ts';
import type { Position } from './cursor.ts';
import type { FeatureColumns, FeatureRow } from './feature-columns.ts';
import type { JoinOutcome, JoinPrediction } from './join-input.ts';
import { isInSample } from './sampling.ts';
import { segmentMask, segmentsIn } from './segment-mask.ts';
import type { ServedModel } from './served-model.ts';

type RawEvent = {
  readonly modelId: string;
  readonly predictionId: string;
  /** `<team>/<name>` of who signed the record. */
  readonly writer: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly arrivedAt: number;
  /** Orders the events of a shard as text; the same event delivered again has the same. */
  readonly position: string;
};

/** A prediction as it is archived; what has no column of its own is JSON. */
export type RawPrediction = RawEvent & {
  readonly modelVersion: number;
  readonly predictedAt: number;
  readonly scoredAt?: number;
  readonly score: number;
  readonly samplingRatio: number;
  /** Whether it was sent as part of the sample, and not only for its segments' sake. */
  readonly isInSample: boolean;
  readonly rolloutId?: string;
  /** `[{"modelVersion": 2, "score": 0.5}]`. */
  readonly shadows?: string;
  /** `[{"itemId": "a", "score": 0.5}]`. */
  readonly items?: string;
  /** By name, without those that are missing. */
  readonly features: string;
  /** Names of the model's segments that it is in, a list. */
  readonly segments?: string;
};

/** An outcome as it is archived. */
export type RawOutcome = RawEvent & {
  readonly outcomeType: string;
  readonly itemId?: string;
  readonly predictedAt?: number;
  readonly observedAt: number;
  readonly label: number;
  readonly businessValue?: number;
};

/** Predictions and outcomes that arrived in one hour, in the order of their positions. */
export type RawHour = {
  /** `2001-01-22T06`. */
  readonly hour: string;
  readonly predictions: RawPrediction[];
  readonly outcomes: RawOutcome[];
};

/** What a row takes beside the texts that are as long as their writer likes. */
const rowLength = 200;

/** Adds an event to its hour of arrival; gives about how many characters it is long. */
export function addRawEvent(hours: Map<string, RawHour>, event: JoinEvent, model: ServedModel): number {
  const hour = hourOfMillis(event.now);
  const held = hours.get(hour) ?? { hour, predictions: [], outcomes: [] };
  hours.set(hour, held);
  const { modelId } = model;
  const common = { modelId, writer: event.writer, arrivedAt: event.now, position: positionText(event.position) };
  if (event.event.kind === 'outcome') {
    held.outcomes.push(rawOutcome(event.event.record, common, model));
    return rowLength;
  }
  const row = rawPrediction(event.event.record, common, model);
  held.predictions.push(row);
  return rowLength + row.features.length + (row.items?.length ?? 0);
}

type Common = Omit<RawEvent, 'predictionId'>;

function rawPrediction(record: JoinPrediction, common: Common, model: ServedModel): RawPrediction {
  const { predictionId, modelVersion, predictedAt, scoredAt, score, rolloutId, shadows, items } = record;
  const segments = segmentsIn(model, segmentMask(model, record.features));
  const { samplingRatio = 1 } = record;
  return {
    ...common,
    predictionId,
    modelVersion,
    predictedAt,
    score,
    samplingRatio,
    isInSample: isInSample(predictionId, samplingRatio),
    features: featuresJson(record.features),
    ...(scoredAt !== undefined && { scoredAt }),
    ...(rolloutId !== undefined && { rolloutId }),
    ...(shadows.length > 0 && {
      shadows: JSON.stringify(shadows.map((shadow) => ({ modelVersion: shadow.version, score: shadow.score }))),
    }),
    ...(items !== undefined && { items: JSON.stringify(items) }),
    ...(segments.length > 0 && { segments: JSON.stringify(segments) }),
  };
}

function rawOutcome(record: JoinOutcome, common: Common, model: ServedModel): RawOutcome {
  return { ...common, ...record, outcomeType: record.outcomeType ?? model.outcomeTypes[0]!.name };
}

/** `JSON.stringify` of an object made for each row takes three times as long. */
function featuresJson({ columns, row }: FeatureRow): string {
  const keys = quotedNames(columns);
  let json = '{';
  let index = 0;
  for (const column of columns.values()) {
    const key = keys[index++]!;
    const value = column.values[row];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
    json += json.length === 1 ? `${key}:${text}` : `,${key}:${text}`;
  }
  return `${json}}`;
}

const quotedByColumns = new WeakMap<FeatureColumns, readonly string[]>();

// The rows of a record share their columns.
function quotedNames(columns: FeatureColumns): readonly string[] {
  const known = quotedByColumns.get(columns) ?? [...columns.keys()].map((name) => JSON.stringify(name));
  quotedByColumns.set(columns, known);
  return known;
}

// Kinesis numbers records with 56 digits; records have at most 100,000 lines.
const sequenceDigits = 64;
const indexDigits = 6;

/** `<shard>#<sequence number>#<index>`, padded so that text sorts as the numbers do. */
export function positionText({ shardId, sequenceNumber, index }: Position): string {
  return `${shardId}#${sequenceNumber.padStart(sequenceDigits, '0')}#${String(index).padStart(indexDigits, '0')}`;
}
