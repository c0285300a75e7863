import { dayMillis, hourMillis, type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';

/** Width of a point in a series: five minutes, an hour, a UTC day, or the whole window. */
export type BucketWidth = '5m' | '1h' | '1d' | 'all';

const widthMillis = { '5m': 5 * minuteMillis, '1h': hourMillis, '1d': dayMillis } as const;
/** Aggregates are kept by the hour, and by five minutes within it. */
const alignmentMillis = { '5m': 5 * minuteMillis, '1h': hourMillis, '1d': hourMillis, all: hourMillis } as const;
/** Longest window: 2,016 points of five minutes, 2,208 hours, or 400 days. */
const maximumDays = { '5m': 7, '1h': 92, '1d': 400, all: 400 } as const;

export type Window = { readonly from: Instant; readonly to: Instant };

/** The rule a window breaks, if any. `field` is the parameter at fault. */
export function windowProblem({ from, to }: Window, width: BucketWidth) {
  const [start, end] = [toMillis(from), toMillis(to)];
  if (end <= start) return { field: 'to', code: 'empty-window', reason: `expected a moment after ${from}` };
  const step = alignmentMillis[width];
  const unit = step === hourMillis ? 'a full hour' : 'a multiple of five minutes';
  for (const [field, at] of [
    ['from', start],
    ['to', end],
  ] as const) {
    if (at % step !== 0) return { field, code: 'not-aligned', reason: `expected ${unit} for ${width} points` };
  }
  if (end - start <= maximumDays[width] * dayMillis) return undefined;
  return { field: 'to', code: 'window-too-long', reason: `at most ${maximumDays[width]} days of ${width} points` };
}

export type SeriesPoint<T> = Window & { readonly items: readonly T[] };

/** Items by the point their start falls into, ascending; empty points are left out, `all` is always there. */
export function groupByWidth<T>(
  items: readonly T[],
  window: Window,
  width: BucketWidth,
  startOf: (item: T) => Instant,
): readonly SeriesPoint<T>[] {
  if (width === 'all') return [{ ...window, items }];
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const start = Math.floor(toMillis(startOf(item)) / widthMillis[width]) * widthMillis[width];
    groups.set(start, [...(groups.get(start) ?? []), item]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([start, group]) => ({ ...clipped(start, widthMillis[width], window), items: group }));
}

/** A day at the edge of the window is only covered in part. */
function clipped(start: number, length: number, { from, to }: Window): Window {
  return {
    from: toInstant(Math.max(start, toMillis(from))),
    to: toInstant(Math.min(start + length, toMillis(to))),
  };
}
