import { type Instant, toMillis } from '../../time.ts';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** What the clocks and calendars of a time zone show. */
export type WallClock = {
  /** `2001-01-22` */
  readonly date: string;
  readonly weekday: Weekday;
  /** 1 … 12 */
  readonly month: number;
  readonly dayOfMonth: number;
  /** 0 … 23 */
  readonly hour: number;
  readonly minute: number;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws `RangeError` when nobody knows the zone. */
export function wallClock(at: Instant, timeZone: string): WallClock {
  const parts = new Map(
    clockFormat(timeZone)
      .formatToParts(toMillis(at))
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const [year, month, dayOfMonth] = [number('year'), number('month'), number('day')];
  // Of its own calendar, so the same in every zone. Monday is the first.
  const weekday = weekdays[(new Date(Date.UTC(year, month - 1, dayOfMonth)).getUTCDay() + 6) % 7]!;
  const date = `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
  return { date, weekday, month, dayOfMonth, hour: number('hour'), minute: number('minute') };
}

/** Date and time of day in numbers. They are kept, because making one takes long. Throws `RangeError` as above. */
export function clockFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  if (formats.size < 1_000) formats.set(timeZone, format);
  return format;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
