import { dayMillis, type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';
import * as z from '../../zod.ts';
import { clockFormat } from '../rules/wall-clock.ts';

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day, e.g. 22:00');

/**
 * Every day from `from` until before `to` on the clocks of `timeZone`; `to` before `from` crosses midnight, and equal
 * ones are the whole day.
 */
export const offPeakWindowSchema = z.strictObject({
  from: wallTime,
  to: wallTime,
  timeZone: z.string().max(64).refine(isTimeZone, 'expected an IANA time zone, e.g. Europe/Berlin'),
});

export type OffPeakWindow = z.infer<typeof offPeakWindowSchema>;

/** Answers for one window, and remembers offsets: finding one takes longer than all else. */
export interface OffPeak {
  isOpen(at: number): boolean;
  /** The first millisecond, not before `at`, that is in the window. */
  nextOpening(at: number): number;
}

/** Offsets change on quarters of an hour, and on nothing finer since 1972. */
const quarterMillis = 15 * minuteMillis;
const quartersOfDay = 96;
/** No zone is further from UTC. */
const farthestMillis = 14 * 3_600_000;
/** A window may fall into the hour that is skipped in spring, and then opens a day later. */
const daysAhead = 3;

/** Throws `RangeError` when the zone is unknown. */
export function createOffPeak(window: OffPeakWindow): OffPeak {
  const offsetAt = createOffsets(window.timeZone);
  const [from, to] = [millisOfDay(window.from), millisOfDay(window.to)];

  function isOpen(at: number): boolean {
    const wall = modulo(at + offsetAt(at), dayMillis);
    if (from === to) return true;
    return from < to ? from <= wall && wall < to : from <= wall || wall < to;
  }

  // Clocks enter the window when they pass its beginning, or jump over it where the offset changes.
  function entries(at: number): readonly number[] {
    const midnight = at - modulo(at + offsetAt(at), dayMillis) + offsetAt(at);
    return Array.from({ length: daysAhead + 2 }, (_, day) => {
      const wallStart = midnight + (day - 1) * dayMillis;
      const [first, last] = [wallStart - farthestMillis, wallStart + dayMillis + farthestMillis];
      const [before, after] = [offsetAt(first), offsetAt(last)];
      const jumps = before === after ? [] : [jumpBetween(offsetAt, first, last)];
      return [wallStart + from - before, wallStart + from - after, ...jumps];
    }).flat();
  }

  return {
    isOpen,
    nextOpening(at) {
      if (isOpen(at)) return at;
      const next = entries(at).reduce(
        (least, entry) => (entry >= at && entry < least && isOpen(entry) ? entry : least),
        Number.POSITIVE_INFINITY,
      );
      if (next === Number.POSITIVE_INFINITY)
        throw new RangeError(`${window.from} to ${window.to} in ${window.timeZone} never opens after ${toInstant(at)}`);
      return next;
    },
  };
}

/** The first instant, not before `at`, that is in the window. */
export function nextOffPeak(window: OffPeakWindow, at: Instant): Instant {
  return toInstant(createOffPeak(window).nextOpening(toMillis(at)));
}

function createOffsets(timeZone: string): (at: number) => number {
  const format = clockFormat(timeZone);
  const known = new Map<number, number>();
  function offsetOf(quarter: number): number {
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    const start = quarter * quarterMillis;
    const parts = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    known.set(quarter, wall - start);
    return wall - start;
  }

  // No zone has changed its offset and changed it back within a day.
  return (at) => {
    const quarter = Math.floor(at / quarterMillis);
    const day = quarter - modulo(quarter, quartersOfDay);
    const offset = offsetOf(day);
    return offset === offsetOf(day + quartersOfDay) ? offset : offsetOf(quarter);
  };
}

function jumpBetween(offsetAt: (at: number) => number, from: number, to: number): number {
  let [low, high] = [Math.floor(from / quarterMillis), Math.ceil(to / quarterMillis)];
  const before = offsetAt(from);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsetAt(middle * quarterMillis) === before) low = middle;
    else high = middle;
  }
  return high * quarterMillis;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function millisOfDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMillis;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
