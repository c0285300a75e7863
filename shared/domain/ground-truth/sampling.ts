import { fnv1a } from './fnv1a.ts';

// Producers use this file as it is, so it imports nothing of Runway but the hash.

const range = 2 ** 32;
const hourMillis = 3_600_000;

/**
 * 32 bit, by which both sides choose. The finalizer of MurmurHash3 (Appleby 2011) makes it independent of the bucket,
 * which is the hash beneath it, modulo.
 */
export function sampleHash(predictionId: string): number {
  let hash = fnv1a(predictionId);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** `ratio` is the sampling ratio in force, 0 exclusive to 1. Who is in a sample is in every larger one. */
export function isInSample(predictionId: string, ratio: number): boolean {
  return ratio >= 1 || sampleHash(predictionId) < ratio * range;
}

/** What a model is sampled at; the `sampling` of its definition. */
export type SamplingLimits = {
  /** Share of all predictions, 0 exclusive to 1. */
  readonly ratio: number;
  /** Predictions in the sample; those that are sent for their segment's sake do not count. */
  readonly maximumPerHour: number;
};

/** One hour of one model at one producer. */
export type SamplingHour = {
  /** Hours since the epoch. */
  readonly hour: number;
  /** In force now. */
  readonly ratio: number;
  /** Predictions of this hour that are in the sample at this ratio. */
  readonly inSample: number;
  /** All predictions of this hour. */
  readonly served: number;
};

/**
 * The hour in which a prediction is served, `at` milliseconds since the epoch. A new hour begins with the model's ratio,
 * halved until the traffic of the hour before would have stayed below the maximum; without one, with the model's ratio.
 * Late predictions count in the hour that is held.
 */
export function samplingHourAt(held: SamplingHour | undefined, limits: SamplingLimits, at: number): SamplingHour {
  const hour = Math.floor(at / hourMillis);
  if (held !== undefined && hour <= held.hour) return held;
  const expected = held?.hour === hour - 1 ? held.served : 0;
  let { ratio } = limits;
  while (expected * ratio > limits.maximumPerHour) ratio /= 2;
  return { hour, ratio, inSample: 0, served: 0 };
}

/**
 * After one more prediction. When the sample reaches the maximum, the ratio is halved for the rest of the hour; about
 * half of what was sent is in the thinner sample, too.
 */
export function withPrediction(held: SamplingHour, limits: SamplingLimits, isSampled: boolean): SamplingHour {
  const counted = { ...held, served: held.served + 1, inSample: held.inSample + (isSampled ? 1 : 0) };
  if (counted.inSample < limits.maximumPerHour) return counted;
  return { ...counted, ratio: counted.ratio / 2, inSample: Math.floor(counted.inSample / 2) };
}
