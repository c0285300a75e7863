import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type PlacedCounts, whyEmpty } from './ordered-counts.ts';

/**
 * Wasserstein-1 distance ∫ |F - G| of two samples, in their unit (Vallender 1974). Divide it by a scale of the
 * reference (`normalizedWasserstein`) to compare features.
 */
export function wasserstein(samples: PlacedCounts): { readonly value: number } | UndefinedStatistic {
  const reason = whyEmpty(samples);
  if (reason !== undefined) return undefinedStatistic(reason);
  const value = integrateGap(samples, Math.abs);
  return Number.isFinite(value) ? { value } : undefinedStatistic('the values span more than a double holds');
}

/** The distance over a scale of the reference, such as its standard deviation or interquartile range. */
export function normalizedWasserstein(
  samples: PlacedCounts,
  scale: number | undefined,
): { readonly value: number } | UndefinedStatistic {
  const raw = wasserstein(samples);
  if (raw.value === null) return raw;
  if (scale === undefined || scale === 0) return undefinedStatistic('the baseline does not vary');
  const value = raw.value / scale;
  return Number.isFinite(value) ? { value } : undefinedStatistic('the values span more than a double holds');
}

/** ∫ f(F(x) - G(x)) dx, F and G the distribution functions of the two sides; f(0) = 0. */
export function integrateGap(samples: PlacedCounts, f: (gap: number) => number): number {
  const { values, reference, current, n, m } = samples;
  let below = 0;
  let currentBelow = 0;
  let sum = 0;
  for (let i = 0; i + 1 < values.length; i += 1) {
    below += reference[i]!;
    currentBelow += current[i]!;
    const area = f(below / n - currentBelow / m);
    if (area !== 0) sum += area * (values[i + 1]! - values[i]!);
  }
  return sum;
}
