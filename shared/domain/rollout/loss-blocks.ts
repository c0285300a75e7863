import type { HourlyPaired } from '../ground-truth/aggregates.ts';

/** Sums over the requests of one hour or day that both versions scored. `difference` = candidate - champion loss. */
export type LossSums = { readonly n: number; readonly championLoss: number; readonly difference: number };
export type HourlyLosses = LossSums & { /** `2001-01-22T06` */ readonly hour: string };
export type LossBlocks = { readonly unit: 'day' | 'hour'; readonly blocks: readonly LossSums[] };

/**
 * The blocks whose means are treated as independent: days when there are at least `minimumDays`, since rows of one day
 * share its weather, load and fashion; hours while there are fewer, which then understate that dependence.
 */
export function lossBlocks(hours: readonly HourlyLosses[], minimumDays: number): LossBlocks {
  const filled = hours.filter((hour) => hour.n > 0);
  const days = merge(filled, (hour) => hour.slice(0, 10));
  return days.length >= minimumDays
    ? { unit: 'day', blocks: days }
    : { unit: 'hour', blocks: merge(filled, (hour) => hour) };
}

/** Aggregates know versions as older and newer; a candidate may be either, e.g. when an earlier version is deployed again. */
export function candidateLosses({ hour, paired }: HourlyPaired, candidateIs: 'older' | 'newer'): HourlyLosses {
  const { n, sumOlderLoss, sumNewerLoss, sumDifference } = paired;
  return candidateIs === 'newer'
    ? { hour, n, championLoss: sumOlderLoss, difference: sumDifference }
    : { hour, n, championLoss: sumNewerLoss, difference: -sumDifference };
}

function merge(hours: readonly HourlyLosses[], keyOf: (hour: string) => string): readonly LossSums[] {
  const byKey = new Map<string, LossSums>();
  for (const { hour, n, championLoss, difference } of hours) {
    const sum = byKey.get(keyOf(hour)) ?? { n: 0, championLoss: 0, difference: 0 };
    byKey.set(keyOf(hour), {
      n: sum.n + n,
      championLoss: sum.championLoss + championLoss,
      difference: sum.difference + difference,
    });
  }
  return [...byKey.values()];
}
