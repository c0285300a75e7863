import { samplingSchema } from '../../shared/domain/ground-truth/outcome-types.ts';
import type { Workload } from './assumptions.ts';

/** How many models there are and how unevenly they are used. */
export type Fleet = {
  readonly models: number;
  /** Of Zipf's law (Zipf 1949): the model of rank r has a share in proportion to 1 / r^exponent; 0 is even. */
  readonly exponent: number;
};

/** Rows of a model per hour that are in the sample at most; Infinity: all are. */
export type Cap = number;

/** One for all models, or one for the busiest `share` of them and another for the rest. */
export type Caps = Cap | { readonly share: number; readonly leading: Cap; readonly others: Cap };

/**
 * Whose outcomes are sent: a model's `sampling.ratio` thins both sides alike, but what its cap leaves of the predictions
 * in an hour is known to nobody who reports outcomes.
 */
export type Reported = 'of the sample' | 'of all predictions';

/** Predictions of one model, per second: made, sent, and those whose outcome would be sent. */
export type ModelRate = {
  readonly served: number;
  readonly sampled: number;
  readonly reported: number;
  /** How many models are like it. */
  readonly models: number;
};

/** What reaches Runway of a fleet. */
export type Sampling = { readonly fleet: Fleet; readonly cap: Caps; readonly reported: Reported };

/** Of a model that says nothing else. */
export const defaultCap: Cap = samplingSchema.parse({}).maximumPerHour;
const hourSeconds = 3_600;
const daySeconds = 86_400;

// Neighbours in a long tail hardly differ: of ten thousand models some six hundred have to be looked at.
const alikeRatio = 0.01;

/** Models that are alike, the busiest first: the first of them, how many, and predictions a second of each. */
type Alike = { readonly rank: number; readonly models: number; readonly served: number };

/** Their predictions add up to the day's. */
export function servedRates({ models, exponent }: Fleet, { predictionsPerDay }: Workload): readonly Alike[] {
  const weights = Array.from({ length: models }, (_, i) => (i + 1) ** -exponent);
  const sum = (some: readonly number[]) => some.reduce((total, weight) => total + weight, 0);
  const perWeight = predictionsPerDay / daySeconds / sum(weights);
  const alike: Alike[] = [];
  for (let rank = 0; rank < models; rank += alike.at(-1)!.models) {
    const some = weights.slice(rank, rank + Math.max(1, Math.floor(rank * alikeRatio)));
    alike.push({ rank, models: some.length, served: (perWeight * sum(some)) / some.length });
  }
  return alike;
}

/**
 * What reaches Runway when producers keep to the cap, with `load` times the traffic. An upper bound: a ratio that is
 * halved until it fits leaves between half of the cap and all of it.
 */
export function modelRates({ fleet, cap, reported }: Sampling, workload: Workload, load = 1): readonly ModelRate[] {
  return servedRates(fleet, workload).map(({ rank, models, served: mean }) => {
    const served = mean * load;
    const sampled = Math.min(served, capOf(cap, rank / fleet.models) / hourSeconds);
    return { served, sampled, reported: reported === 'of the sample' ? sampled : served, models };
  });
}

function capOf(caps: Caps, place: number): Cap {
  if (typeof caps === 'number') return caps;
  return place < caps.share ? caps.leading : caps.others;
}

/** Sampled predictions per day. */
export function sampledPerDay(rates: readonly ModelRate[]): number {
  return rates.reduce((sum, { sampled, models }) => sum + sampled * models, 0) * daySeconds;
}
