import type { Flights } from '../flights.ts';
import { isLate } from '../flights.ts';
import type { Encoder } from './encoder.ts';
import { hashBits, logDistance, logit } from './encoder.ts';
import type { LogisticModel, TrainingRows } from './logistic-regression.ts';
import { sigmoid, trainLogistic } from './logistic-regression.ts';

export type ModelName = 'late-basic' | 'late-live';

/** `late-basic`'s score of a flight; `late-live` depends on it. */
export type BasicScore = (flight: number) => number;

/** Rows visited per training: small sets are gone through up to five times, the largest once. */
const visits = 1_500_000;

const options = { learningRate: 0.05, penalty: 1e-5, seed: 2001 };

/** Trains on exactly these flights, with their true labels unless `labelOf` says otherwise. */
export function trainFlightModel(
  name: ModelName,
  flights: Flights,
  encoder: Encoder,
  rows: Int32Array,
  basicScore: BasicScore,
  labelOf: (flight: number) => boolean = (flight) => isLate(flights, flight),
): LogisticModel {
  return trainLogistic(layOut(name, flights, encoder, rows, basicScore, labelOf), {
    weightCount: 2 ** hashBits,
    epochs: Math.min(5, Math.max(1, Math.round(visits / rows.length))),
    ...options,
  });
}

function layOut(
  name: ModelName,
  flights: Flights,
  encoder: Encoder,
  rows: Int32Array,
  basicScore: BasicScore,
  labelOf: (flight: number) => boolean,
): TrainingRows {
  const slotsPerRow = encoder.slotsPerFlight;
  const numbersPerRow = numberCount(name);
  const slots = new Uint16Array(rows.length * slotsPerRow);
  const numbers = new Float32Array(rows.length * numbersPerRow);
  const labels = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const flight = rows[i]!;
    encoder.writeSlots(flight, slots, i * slotsPerRow);
    writeNumbers(name, flights, flight, basicScore, numbers, i * numbersPerRow);
    labels[i] = labelOf(flight) ? 1 : 0;
  }
  return { count: rows.length, slotsPerRow, slots, numbersPerRow, numbers, labels };
}

function numberCount(name: ModelName): number {
  return name === 'late-basic' ? 1 : 4;
}

function writeNumbers(
  name: ModelName,
  flights: Flights,
  flight: number,
  basicScore: BasicScore,
  numbers: Float32Array,
  offset: number,
): void {
  numbers[offset] = logDistance(flights.distance[flight]!);
  if (name === 'late-basic') return;
  numbers[offset + 1] = logit(flights.originLateRate[flight]!);
  numbers[offset + 2] = logit(flights.destinationLateRate[flight]!);
  numbers[offset + 3] = logit(basicScore(flight));
}

/** A function from flight to probability of being late. */
export function createScorer(
  name: ModelName,
  model: LogisticModel,
  flights: Flights,
  encoder: Encoder,
  basicScore: BasicScore,
): (flight: number) => number {
  const slots = new Uint16Array(encoder.slotsPerFlight);
  const numbers = new Float32Array(numberCount(name));
  return (flight) => {
    encoder.writeSlots(flight, slots, 0);
    writeNumbers(name, flights, flight, basicScore, numbers, 0);
    let sum = model.bias;
    for (const slot of slots) sum += model.weights[slot]!;
    for (let k = 0; k < numbers.length; k++) sum += model.numberWeights[k]! * numbers[k]!;
    return sigmoid(sum);
  };
}
