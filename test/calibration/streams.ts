import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Draws } from './random.ts';

export type DependenceName = 'independent' | 'autoregressive' | 'day-clustered';

/**
 * Share of a row's variance (on the normal scale behind its rank) that it has in common with its hour or its day:
 * `autoregressive`: a level that follows AR(1) from hour to hour, `day-clustered`: a level for each day.
 */
export const commonVariance: Readonly<Record<DependenceName, number>> = {
  independent: 0,
  autoregressive: 0.3,
  'day-clustered': 0.2,
};
/** Of the hourly level, from one hour to the next. */
export const hourlyAutocorrelation = 0.8;
const hours = 24;
const level = { most: 8, perUnit: 32 } as const;

/** Shares of the bins in the next day, or in one hour of it. Given the levels, rows are independent of each other. */
export type Stream = { nextDay(): ArrayLike<number>; nextDaysHour(): ArrayLike<number> };

/** `tilt` is added to the level of every row: a shift on the normal scale. */
export function createStream(
  draws: Draws,
  shares: readonly number[],
  dependence: DependenceName,
  tilt: () => number = () => 0,
): Stream {
  const given = sharesByLevel(shares, commonVariance[dependence]);
  const mixed = new Float64Array(shares.length);
  const draw = () => draws.normal();
  if (dependence !== 'autoregressive') {
    const next = dependence === 'independent' ? () => given(0, tilt()) : () => given(draw(), tilt());
    return { nextDay: next, nextDaysHour: next };
  }
  let state = draw();
  const innovation = Math.sqrt(1 - hourlyAutocorrelation ** 2);
  const advance = () => {
    state = hourlyAutocorrelation * state + innovation * draw();
    return state;
  };
  return {
    // A row falls into any hour of its day alike, so that its bin has the mean of the hours' shares.
    nextDay: () => {
      mixed.fill(0);
      for (let hour = 0; hour < hours; hour += 1) {
        const here = given(advance(), tilt());
        for (let bin = 0; bin < mixed.length; bin += 1) mixed[bin]! += here[bin]! / hours;
      }
      return mixed;
    },
    nextDaysHour: () => {
      for (let hour = 1; hour < hours; hour += 1) advance();
      return given(advance(), tilt());
    },
  };
}

const tables = new Map<string, (levelOfRow: number, tilt: number) => Float64Array>();

/** Levels are rounded to 1/32, tilts to their effect on it: still one law for both sides. */
export function sharesByLevel(
  shares: readonly number[],
  common: number,
): (levelOfRow: number, tilt: number) => Float64Array {
  const key = `${common} ${shares.join(' ')}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = new Map<number, Float64Array>();
  const perRow = Math.sqrt(common);
  const of = (levelOfRow: number, tilt: number) => {
    const bounded = Math.max(-level.most, Math.min(level.most, levelOfRow));
    const cell = Math.round(bounded * level.perUnit) + 1_000 * Math.round(tilt * 1_000);
    const found = table.get(cell);
    if (found !== undefined) return found;
    const mean = (perRow * Math.round(bounded * level.perUnit)) / level.perUnit + tilt;
    const made = tiltedShares(shares, mean, Math.sqrt(1 - common));
    table.set(cell, made);
    return made;
  };
  tables.set(key, of);
  return of;
}

/** Of a normal with this mean and deviation, in bins that have `shares` of the standard normal. */
export function tiltedShares(shares: readonly number[], mean: number, deviation: number): Float64Array {
  let [below, cumulated] = [0, 0];
  return Float64Array.from(shares, (share, bin) => {
    below += share;
    const next =
      bin === shares.length - 1 ? 1 : normalCdf((normalQuantile(Math.min(1, below), 0, 1) - mean) / deviation, 0, 1);
    const made = next - cumulated;
    cumulated = next;
    return made;
  });
}
