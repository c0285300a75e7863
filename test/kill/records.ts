import { below, type Random } from './random.ts';

export type Prediction = {
  readonly predictionId: string;
  readonly modelId: string;
  readonly modelVersion: 1;
  readonly predictedAt: string;
  readonly features: { readonly distance: number };
  readonly score: number;
};
export type Outcome = {
  readonly predictionId: string;
  readonly modelId: string;
  readonly predictedAt: string;
  readonly observedAt: string;
  readonly label: 0 | 1;
};
/** A record and the rounds after whose end it is sent: twice for a duplicate. */
export type Delivery =
  | { readonly kind: 'prediction'; readonly record: Prediction; readonly rounds: readonly number[] }
  | { readonly kind: 'outcome'; readonly record: Outcome; readonly rounds: readonly number[] };

export const minutesPerRound = 15;
const minute = 60_000;

/** The traffic of one model in one round: some predictions arrive after their outcome, some have none, some come twice. */
export function trafficOf(
  random: Random,
  modelId: string,
  round: number,
  start: number,
  count: number,
): readonly Delivery[] {
  return Array.from({ length: count }, (_, i) =>
    eventsOf(random, modelId, `${modelId}-${round}-${i}`, round, start),
  ).flat();
}

function eventsOf(
  random: Random,
  modelId: string,
  predictionId: string,
  round: number,
  start: number,
): readonly Delivery[] {
  const predictedAt = start + round * minutesPerRound * minute + below(random, minutesPerRound * minute);
  const score = 0.05 + 0.9 * random();
  const record: Prediction = {
    predictionId,
    modelId,
    modelVersion: 1,
    predictedAt: iso(predictedAt),
    features: { distance: score },
    score,
  };
  const delay = random() < 0.15 ? 2 + below(random, 3) : 0;
  const prediction: Delivery = { kind: 'prediction', record, rounds: sometimesTwice(random, round + delay) };
  if (random() < 0.15) return [prediction];
  const observedAt = predictedAt + below(random, 40 * minute);
  const outcomeRound = Math.floor((observedAt - start) / (minutesPerRound * minute));
  const label = random() < score ? 1 : 0;
  const outcome: Outcome = {
    predictionId,
    modelId,
    predictedAt: record.predictedAt,
    observedAt: iso(observedAt),
    label,
  };
  return [prediction, { kind: 'outcome', record: outcome, rounds: sometimesTwice(random, outcomeRound) }];
}

function sometimesTwice(random: Random, round: number): readonly number[] {
  return random() < 0.1 ? [round, round + below(random, 3)] : [round];
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}
