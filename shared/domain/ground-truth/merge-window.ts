import { dayOf, hourStart, type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';
import type { DailyPerformance, FiveMinutePerformance, HourlyPaired, HourlyPerformance, Paired } from './aggregates.ts';
import type { PerformancePoint } from './hour-aggregates.ts';
import { mergePaired } from './paired.ts';
import { mergeAllPerformance, mergePerformance } from './performance.ts';
import { mergeExtras } from './performance-extras.ts';

/** An aggregate of one hour and bucket; all of them in the order of hours and buckets. */
type OfHour<T> = { readonly hour: string; readonly value: T };
type Points = readonly PerformancePoint[];

/** Ascending; hours without an attributed prediction have no performance. */
export function mergeHours(stored: readonly OfHour<Points>[]): readonly HourlyPerformance[] {
  return mergeBy(stored, ({ hour }) => hour).map(({ key: hour, items }) => {
    const points = items.flatMap(({ value }) => value);
    const predictions = points.reduce((sum, point) => sum + point.predictions, 0);
    const performance = mergeAllPerformance(points.map((point) => point.performance));
    const known = performance === undefined || performance.n === 0 ? {} : { performance };
    return { hour, predictions, ...known, ...mergeExtras(points) };
  });
}

/** Ascending; of one layer. */
export function mergeDays(hours: readonly HourlyPerformance[]): readonly DailyPerformance[] {
  return mergeBy(hours, ({ hour }) => dayOf(hour)).map(({ key: day, items }) => {
    const predictions = items.reduce((sum, item) => sum + item.predictions, 0);
    const performance = mergeAllPerformance(items.flatMap((item) => item.performance ?? []));
    const layer = items[0]?.layer;
    const known = { ...(performance && { performance }), ...(layer && { layer }) };
    return { day, predictions, ...known, ...mergeExtras(items) };
  });
}

/** Ascending; those that begin in [from, to). */
export function mergeFiveMinutes(
  stored: readonly OfHour<Points>[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly FiveMinutePerformance[] {
  const points = stored.flatMap(({ hour, value }) =>
    value.map(({ index, ...point }) => ({ ...point, from: startOf(hour, index) })),
  );
  const inWindow = points.filter((point) => point.from >= from && point.from < to);
  return mergeBy(inWindow, (point) => point.from).map(({ items }) =>
    items.reduce((left, right) => ({
      from: left.from,
      predictions: left.predictions + right.predictions,
      performance: mergePerformance(left.performance, right.performance),
      ...mergeExtras([left, right]),
    })),
  );
}

/** Ascending. */
export function mergePairedHours(stored: readonly OfHour<Paired>[]): readonly HourlyPaired[] {
  return mergeBy(stored, ({ hour }) => hour).map(({ key: hour, items }) => ({
    hour,
    paired: items.map(({ value }) => value).reduce(mergePaired),
  }));
}

function startOf(hour: string, index: number): Instant {
  return toInstant(toMillis(hourStart(hour)) + index * 5 * minuteMillis);
}

function mergeBy<T>(items: readonly T[], keyOf: (item: T) => string) {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, group]) => ({ key, items: group }));
}
