import { chiSquareTail } from './chi-square-tail.ts';
import { type Shares, smoothedShares, totalOf, whyIncomparable } from './smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from './undefined-statistic.ts';

type StabilityIndex = {
  /** Nats, ≥ 0. Customary bands: 0.1 a moderate shift, 0.25 a large one. */
  readonly value: number;
  /** P(an index this large | nothing changed, rows independent); null when there is one bin only. */
  readonly pValue: number | null;
  /** What the index is expected to be when nothing changed. */
  readonly bias: number;
  readonly degreesOfFreedom: number;
};

/**
 * Population stability index Σ (cᵢ - rᵢ) ln(cᵢ / rᵢ) of two counts on the same bins, shares smoothed by add-½. Without
 * drift it is distributed as (1/n + 1/m) χ²(B - 1) (Yurdakul 2018, "Statistical properties of the population stability
 * index"), which gives the p-value and the bias (B - 1)(1/n + 1/m). Undefined when a side has no values. `shares`
 * is there to reproduce figures of others, who keep empty bins from infinity in other ways.
 */
export function populationStabilityIndex(
  reference: readonly number[],
  current: readonly number[],
  shares: Shares = smoothedShares,
): StabilityIndex | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const expected = shares(reference);
  const actual = shares(current);
  const value = expected.reduce((sum, r, i) => sum + (actual[i]! - r) * Math.log(actual[i]! / r), 0);
  const scale = 1 / totalOf(reference) + 1 / totalOf(current);
  const degreesOfFreedom = reference.length - 1;
  const pValue = degreesOfFreedom === 0 ? null : chiSquareTail(value / scale, degreesOfFreedom);
  return { value, pValue, bias: degreesOfFreedom * scale, degreesOfFreedom };
}
