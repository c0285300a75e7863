import type { PredictionEvent } from '../mutation/customer.ts';
import { rowOf } from '../mutation/model-life.ts';

const minute = 60_000;
export const chunkSize = 10_000;
/** Predictions of one chunk are made within a minute; their outcomes are observed ten minutes later. */
const outcomeDelay = 10 * minute;
/** Every eighth prediction has no outcome. */
const hasOutcome = (i: number) => i % 8 !== 0;

export type Traffic = { readonly modelId: string; readonly start: number };

function predictedAt({ start }: Traffic, i: number): number {
  return start + Math.floor(i / chunkSize) * minute + Math.floor(((i % chunkSize) * minute) / chunkSize);
}

const iso = (millis: number) => new Date(millis).toISOString();
const idOf = ({ modelId }: Traffic, i: number) => `${modelId}-${i}`;

export function predictionsOf(traffic: Traffic, chunk: number): readonly PredictionEvent[] {
  return indexes(chunk).map((i) => {
    const { features, score } = rowOf(i);
    const at = iso(predictedAt(traffic, i));
    const { modelId } = traffic;
    const record = { predictionId: idOf(traffic, i), modelId, modelVersion: 1, predictedAt: at, features, score };
    return { kind: 'prediction', record };
  });
}

export function outcomesOf(traffic: Traffic, chunk: number): readonly PredictionEvent[] {
  return indexes(chunk)
    .filter(hasOutcome)
    .map((i) => {
      const at = predictedAt(traffic, i);
      const { modelId } = traffic;
      const times = { predictedAt: iso(at), observedAt: iso(at + outcomeDelay) };
      return { kind: 'outcome', record: { predictionId: idOf(traffic, i), modelId, ...times, label: rowOf(i).label } };
    });
}

function indexes(chunk: number): readonly number[] {
  return Array.from({ length: chunkSize }, (_, i) => chunk * chunkSize + i);
}

/** What must come out, counted without storing anything. */
export function truthOf(predictions: number) {
  let [pairs, positives, score, brier] = [0, 0, 0, 0];
  for (let i = 0; i < predictions; i += 1) {
    if (!hasOutcome(i)) continue;
    const row = rowOf(i);
    pairs += 1;
    positives += row.label;
    score += row.score;
    brier += (row.score - row.label) ** 2;
  }
  return { predictions, pairs, baseRate: positives / pairs, meanScore: score / pairs, brier: brier / pairs };
}
