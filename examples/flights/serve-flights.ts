import type { Flights } from './flights.ts';
import { firstDeparture, flightId, hashRatio, instantOf, isLate } from './flights.ts';
import { featuresOf, round } from './models/features.ts';
import type { BasicScore, ModelName } from './models/flight-model.ts';
import { route } from './runway/routing-table.ts';
import type { Routing } from './runway/views.ts';
import { callScore } from './settings.ts';

// Independent of the samples that training takes.
const salts = { sample: 11, arm: 12 };

/** One model as it is served now: who may score, by the routing table it obeys. */
export type ServedModel = {
  readonly name: ModelName;
  readonly routing: Routing;
  /** Every version that the routing table names. */
  readonly scorers: ReadonlyMap<number, (flight: number) => number>;
};

export type Prediction = {
  readonly predictionId: string;
  readonly modelId: ModelName;
  readonly modelVersion: number;
  readonly predictedAt: string;
  readonly features: Readonly<Record<string, number | string>>;
  readonly score: number;
  readonly shadows: readonly { readonly modelVersion: number; readonly score: number }[];
  readonly rolloutId?: string;
};

/** A flight in the air and the scores that were served for it. */
export type Airborne = { readonly flight: number; readonly basicScore: number; readonly liveScore: number };

/** Flights of the sample that leave in [from, to), minutes. */
export function departures(flights: Flights, from: number, to: number, sample: number): readonly number[] {
  const first = firstDeparture(flights, from);
  const numbers = Array.from({ length: firstDeparture(flights, to) - first }, (_, i) => first + i);
  return numbers.filter((flight) => hashRatio(flight, salts.sample) < sample);
}

/** What one model says of one flight at pushback, and what the versions in its shadow would have said. */
export function predict(flights: Flights, flight: number, model: ServedModel, basicScore: BasicScore): Prediction {
  const predictedAt = instantOf(flights.departure[flight]!);
  const { serves, shadows } = route(model.routing, hashRatio(flight, salts.arm), predictedAt);
  const scoreOf = (version: number) => round(scorerOf(model, version)(flight));
  const { rolloutId } = model.routing;
  return {
    predictionId: flightId(flight),
    modelId: model.name,
    modelVersion: serves,
    predictedAt,
    features: featuresOf(model.name, flights, flight, basicScore),
    score: scoreOf(serves),
    shadows: shadows.map((version) => ({ modelVersion: version, score: scoreOf(version) })),
    ...(rolloutId !== undefined && { rolloutId }),
  };
}

function scorerOf({ name, scorers }: ServedModel, version: number): (flight: number) => number {
  const scorer = scorers.get(version);
  if (scorer === undefined) throw new Error(`version ${version} of ${name} is not loaded`);
  return scorer;
}

/** The truth at landing. The business value is 1 when the call (late or not) was right. */
export function outcomeOf(flights: Flights, flight: number, model: ModelName, score: number) {
  const late = isLate(flights, flight);
  return {
    predictionId: flightId(flight),
    modelId: model,
    predictedAt: instantOf(flights.departure[flight]!),
    observedAt: instantOf(flights.landing[flight]!),
    label: late ? 1 : 0,
    businessValue: score >= callScore === late ? 1 : 0,
  };
}
