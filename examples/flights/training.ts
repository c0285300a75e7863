import { gzipSync } from 'node:zlib';
import type { Flights } from './flights.ts';
import { firstDeparture, flightId, hashRatio, instantOf, isLate } from './flights.ts';
import { encodeArtifact } from './models/artifact.ts';
import type { Encoder } from './models/encoder.ts';
import { featuresOf, round } from './models/features.ts';
import type { BasicScore, ModelName } from './models/flight-model.ts';
import { createScorer, trainFlightModel } from './models/flight-model.ts';

const minutesPerDay = 1_440;
/** Share of the training window that no model trains on; it becomes the version's reference window. */
const referenceRatio = 0.05;
const maximumReferenceRows = 20_000;
/** Share of the hold-out that both models score: enough for a per-cent difference, small enough for one request. */
const holdoutRatio = 0.2;
/** Whole days, because validation judges by day blocks. */
export const holdoutDays = 10;
/** `late-basic` forgets; `late-live` learns from everything so far. */
const trainingDays: Readonly<Record<ModelName, number>> = { 'late-basic': 42, 'late-live': Number.POSITIVE_INFINITY };

// Independent hash samples of the same flights.
const salts = { reference: 1, referenceCap: 2, holdout: 3 };

/** Flights that departed in [from, to) and had landed by `to`; minutes. */
export type TrainingWindow = { readonly from: number; readonly to: number };

export type TrainedVersion = {
  readonly window: TrainingWindow;
  readonly rows: number;
  readonly artifact: Buffer;
  /** Gzipped NDJSON of `{features, score, label, predictedAt}`. */
  readonly reference: Buffer;
  readonly referenceRows: number;
  readonly score: (flight: number) => number;
};

export type TrainingInput = {
  readonly model: ModelName;
  readonly flights: Flights;
  readonly encoder: Encoder;
  readonly window: TrainingWindow;
  /** Of the `late-basic` that serves; used by `late-live` only. */
  readonly basicScore: BasicScore;
  readonly labelOf?: (flight: number) => boolean;
};

/** Everything known ten days before `requestedAt`, as far back as the model looks; the days since are the hold-out. */
export function windowFor(model: ModelName, flights: Flights, requestedAt: number): TrainingWindow {
  const to = Math.floor(requestedAt / minutesPerDay - holdoutDays) * minutesPerDay;
  const first = flights.departure[0] ?? to;
  return { from: Math.max(first, to - trainingDays[model] * minutesPerDay), to };
}

export function trainVersion(input: TrainingInput): TrainedVersion {
  const { model, flights, encoder, window, basicScore } = input;
  const known = flightsIn(flights, window);
  const isReference = (flight: number) => hashRatio(flight, salts.reference) < referenceRatio;
  const rows = known.filter((flight) => !isReference(flight));
  const trained = trainFlightModel(model, flights, encoder, rows, basicScore, input.labelOf);
  const score = createScorer(model, trained, flights, encoder, basicScore);
  const reference = thin(known.filter(isReference), maximumReferenceRows);
  return {
    window,
    rows: rows.length,
    artifact: encodeArtifact(model, trained),
    reference: referenceFile(input, reference, score),
    referenceRows: reference.length,
    score,
  };
}

/** Both versions' scores of the same flights, all strictly later than training. Gzipped NDJSON. */
export function holdoutFile(
  flights: Flights,
  window: TrainingWindow,
  champion: (flight: number) => number,
  candidate: (flight: number) => number,
): Buffer {
  const rows = flightsIn(flights, window).filter((flight) => hashRatio(flight, salts.holdout) < holdoutRatio);
  const lines = Array.from(rows, (flight) => ({
    predictionId: flightId(flight),
    predictedAt: instantOf(flights.departure[flight]!),
    label: isLate(flights, flight) ? 1 : 0,
    championScore: round(champion(flight)),
    candidateScore: round(candidate(flight)),
  }));
  return toNdjson(lines);
}

export function flightsIn(flights: Flights, window: TrainingWindow): Int32Array {
  const first = firstDeparture(flights, window.from);
  const last = firstDeparture(flights, window.to);
  return Int32Array.from({ length: last - first }, (_, i) => first + i).filter(
    (flight) => flights.landing[flight]! <= window.to,
  );
}

function thin(rows: Int32Array, maximum: number): Int32Array {
  return rows.filter((flight) => hashRatio(flight, salts.referenceCap) * rows.length < maximum);
}

function referenceFile(input: TrainingInput, rows: Int32Array, score: (flight: number) => number): Buffer {
  const { model, flights, basicScore } = input;
  return toNdjson(
    Array.from(rows, (flight) => ({
      features: featuresOf(model, flights, flight, basicScore),
      score: round(score(flight)),
      label: isLate(flights, flight) ? 1 : 0,
      predictedAt: instantOf(flights.departure[flight]!),
    })),
  );
}

function toNdjson(lines: readonly unknown[]): Buffer {
  return gzipSync(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`, { level: 1 });
}
