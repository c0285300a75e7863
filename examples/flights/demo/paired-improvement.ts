import studentQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Points of `GET /v1/models/{modelId}/paired-performance` with a bucket of one day. */
type PairedDays = readonly {
  readonly n: number;
  readonly olderLoss: number | null;
  readonly difference: number | null;
}[];

/** Relative to the withdrawn version's loss; negative is better. */
export type Improvement = {
  readonly flights: number;
  readonly days: number;
  readonly relativeDifference: number;
  /** 95 %, days as blocks; undefined below three days. */
  readonly interval: readonly [number, number] | undefined;
};

/**
 * New against withdrawn version on the same flights. Ratio of sums over days, its standard error by linearisation with
 * whole days as clusters, Student's t on days - 1 degrees of freedom (Cochran, Sampling Techniques, 1977, section 6.4).
 */
export function pairedImprovement(points: PairedDays): Improvement | undefined {
  const days = points.flatMap(({ n, olderLoss, difference }) =>
    olderLoss === null || difference === null ? [] : [{ n, loss: n * olderLoss, difference: n * difference }],
  );
  const loss = sum(days.map((day) => day.loss));
  if (loss <= 0) return undefined;
  const ratio = sum(days.map((day) => day.difference)) / loss;
  const found = { flights: sum(days.map((day) => day.n)), days: days.length, relativeDifference: ratio };
  if (days.length < 3) return { ...found, interval: undefined };
  const squares = sum(days.map((day) => (day.difference - ratio * day.loss) ** 2));
  const standardError = Math.sqrt((days.length / (days.length - 1)) * squares) / loss;
  const half = studentQuantile(0.975, days.length - 1) * standardError;
  return { ...found, interval: [ratio - half, ratio + half] };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
