/** What one prediction cost, ≥ 0. */
export type RowLoss = (score: number, label: number) => number;

// A certain mistake would cost infinitely much.
const clip = 1e-15;

/** Nats; scores clipped to 1e-15 … 1 - 1e-15. */
export const logLoss: RowLoss = (score, label) => {
  const p = Math.min(1 - clip, Math.max(clip, score));
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
};

/** Of a probability it is the Brier score (1950). */
export const squaredError: RowLoss = (score, label) => (score - label) ** 2;

export const absoluteError: RowLoss = (score, label) => Math.abs(score - label);
