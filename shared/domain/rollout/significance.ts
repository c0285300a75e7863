/** Chance, over one whole rollout, to take an equal candidate for worse, and one that is exactly at a margin for good. */
export const rolloutSignificance = 0.05;

/** Its share for false alarms of the sample ratio: small, since it guards the data and not the candidate. */
export const sampleRatioSignificance = 0.001;

/**
 * Level of each metric's confidence sequence. What the sample ratio leaves is divided evenly over the metrics (Bonferroni)
 * and not over looks or steps: a sequence covers at all of them together.
 */
export function significancePerMetric(metrics: number): number {
  return (rolloutSignificance - sampleRatioSignificance) / Math.max(1, metrics);
}
