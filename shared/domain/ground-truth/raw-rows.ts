import { hourOfMillis } from '../time.ts';
import type { JoinEvent } from './bucket-state.ts';
import type { Position } from './cursor.ts';
import { featuresJson } from './features-json.ts';
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
  // The batch joins none: nothing of it is to be joined.
  if (event.event.kind === 'business-metric') return 0;
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
  const { predictionId, samplingRatio = 1, scoredAt, rolloutId, shadows, items } = record;
  const segments = (model.segments?.length ?? 0) === 0 ? [] : segmentsIn(model, segmentMask(model, record.features));
  const row: { -readonly [K in keyof RawPrediction]: RawPrediction[K] } = {
    modelId: common.modelId,
    writer: common.writer,
    arrivedAt: common.arrivedAt,
    position: common.position,
    predictionId,
    modelVersion: record.modelVersion,
    predictedAt: record.predictedAt,
    score: record.score,
    samplingRatio,
    isInSample: isInSample(predictionId, samplingRatio),
    features: featuresJson(record.features),
  };
  if (scoredAt !== undefined) row.scoredAt = scoredAt;
  if (rolloutId !== undefined) row.rolloutId = rolloutId;
  if (shadows.length > 0)
    row.shadows = JSON.stringify(shadows.map((shadow) => ({ modelVersion: shadow.version, score: shadow.score })));
  if (items !== undefined) row.items = JSON.stringify(items);
  if (segments.length > 0) row.segments = JSON.stringify(segments);
  return row;
}

function rawOutcome(record: JoinOutcome, common: Common, model: ServedModel): RawOutcome {
  return { ...common, ...record, outcomeType: record.outcomeType ?? model.outcomeTypes[0]!.name };
}

// Kinesis numbers records with 56 digits; records have at most 100,000 lines.
const sequenceDigits = 64;
const indexDigits = 6;

/** `<shard>#<sequence number>#<index>`, padded so that text sorts as the numbers do. */
export function positionText({ shardId, sequenceNumber, index }: Position): string {
  return `${shardId}#${sequenceNumber.padStart(sequenceDigits, '0')}#${String(index).padStart(indexDigits, '0')}`;
}
