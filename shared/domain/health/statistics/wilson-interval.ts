import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type Proportion = { readonly value: number; readonly interval: readonly [number, number] };

/** A proportion with its score interval (Wilson 1927), which holds its level for few rows and near 0 and 1. */
export function wilsonInterval(successes: number, n: number, level = 0.95): Proportion | UndefinedStatistic {
  if (!(n > 0)) return undefinedStatistic('no row');
  if (!(successes >= 0 && successes <= n)) return undefinedStatistic('a count exceeds its rows');
  const z = normalQuantile((1 + level) / 2, 0, 1);
  const value = successes / n;
  const scale = 1 + z ** 2 / n;
  const centre = (value + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((value * (1 - value)) / n + z ** 2 / (4 * n ** 2));
  return { value, interval: [Math.max(0, centre - half), Math.min(1, centre + half)] };
}
