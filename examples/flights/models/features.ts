import type { Flights } from '../flights.ts';
import { logDistance } from './encoder.ts';
import type { BasicScore, ModelName } from './flight-model.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const attributes = [
  { name: 'hour', type: 'numeric' },
  { name: 'weekday', type: 'categorical' },
  { name: 'logDistance', type: 'numeric' },
  { name: 'origin', type: 'categorical' },
  { name: 'destination', type: 'categorical' },
] as const;

const liveInputs = [
  { name: 'originLateRate', type: 'numeric' },
  { name: 'destinationLateRate', type: 'numeric' },
  { name: 'lateBasicScore', type: 'numeric' },
] as const;

/** The feature schema as Runway registers it. The route and the crossings with the hour are encodings of these. */
export function featureSchemaOf(name: ModelName) {
  return name === 'late-basic' ? [...attributes] : [...attributes, ...liveInputs];
}

/** One flight's features by the names of the schema, as a prediction carries them. */
export function featuresOf(name: ModelName, flights: Flights, flight: number, basicScore: BasicScore) {
  const basic = {
    hour: flights.hour[flight]!,
    weekday: weekdays[flights.weekday[flight]!]!,
    logDistance: round(logDistance(flights.distance[flight]!)),
    origin: flights.airports[flights.origin[flight]!]!,
    destination: flights.airports[flights.destination[flight]!]!,
  };
  if (name === 'late-basic') return basic;
  return {
    ...basic,
    originLateRate: round(flights.originLateRate[flight]!),
    destinationLateRate: round(flights.destinationLateRate[flight]!),
    lateBasicScore: round(basicScore(flight)),
  };
}

/** Five decimals: far below what any bin or loss can tell apart, and half the bytes on the wire. */
export function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
