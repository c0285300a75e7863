import type { SortedSample } from './sorted-sample.ts';

export type Moments = {
  readonly mean: number;
  /** Σ (x - mean)², exactly 0 for a constant sample. */
  readonly sumSquaredDeviations: number;
};

/**
 * Mean and squared deviations in two passes with the corrected sum (Chan, Golub & LeVeque 1983): the difference of
 * E[x²] and E[x]² would lose every digit at a large offset. Undefined for an empty sample; Infinity when squares leave
 * the range of doubles.
 */
export function momentsOf({ values }: Pick<SortedSample, 'values'>): Moments | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const first = values[0]!;
  if (first === values[n - 1]) return { mean: first, sumSquaredDeviations: 0 };
  let shifted = 0;
  for (const value of values) shifted += value / n - first / n;
  const mean = first + shifted;
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    const deviation = value - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  const sumSquaredDeviations = Number.isFinite(squares) ? squares - (rest * rest) / n : squares;
  return { mean: mean + (Number.isFinite(rest) ? rest / n : 0), sumSquaredDeviations };
}

/** Divisor n; 0 exactly when all values are equal. */
export function populationDeviation(sample: Pick<SortedSample, 'values'>): number | undefined {
  const moments = momentsOf(sample);
  return moments && Math.sqrt(moments.sumSquaredDeviations / sample.values.length);
}

/** Divisor n - 1; undefined for fewer than two values. */
export function sampleDeviation(sample: Pick<SortedSample, 'values'>): number | undefined {
  const moments = momentsOf(sample);
  return moments && sample.values.length > 1
    ? Math.sqrt(moments.sumSquaredDeviations / (sample.values.length - 1))
    : undefined;
}
