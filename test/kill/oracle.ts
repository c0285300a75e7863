import type { Delivery, Outcome, Prediction } from './records.ts';

export type Counts = {
  readonly predictions: number;
  readonly pairs: number;
  readonly baseRate: number;
  readonly meanScore: number;
  readonly brier: number;
  readonly logLoss: number;
};

/** What must come out: everything that was acknowledged, joined by id in memory, each id once. */
export function naiveJoin(acknowledged: readonly Delivery[]): Counts {
  const predictions = new Map<string, Prediction>();
  const outcomes = new Map<string, Outcome>();
  for (const { kind, record } of acknowledged) {
    if (kind === 'prediction') predictions.set(record.predictionId, record);
    else outcomes.set(record.predictionId, record);
  }
  const pairs = [...predictions.values()].flatMap(({ predictionId, score }) => {
    const outcome = outcomes.get(predictionId);
    return outcome ? [{ score, label: outcome.label }] : [];
  });
  const mean = (of: (pair: { score: number; label: number }) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  return {
    predictions: predictions.size,
    pairs: pairs.length,
    baseRate: mean(({ label }) => label),
    meanScore: mean(({ score }) => score),
    brier: mean(({ score, label }) => (score - label) ** 2),
    logLoss: mean(({ score, label }) => -Math.log(label === 1 ? score : 1 - score)),
  };
}
