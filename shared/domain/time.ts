import * as z from './zod.ts';

/** ISO-8601 UTC with milliseconds, e.g. `2001-01-22T06:00:00.000Z`. Sorts as text. */
export type Instant = string;

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const instantSchema = z.iso
  .datetime({ offset: true, error: 'expected an ISO-8601 date-time with zone, e.g. 2001-01-22T06:00:00Z' })
  // What is canonical already, as nearly everything is, is not formatted again: that costs more than the check.
  .transform((text) => (canonical.test(text) ? text : new Date(text).toISOString()));

export const minuteMillis = 60_000;
export const hourMillis = 3_600_000;
export const dayMillis = 86_400_000;

export function toMillis(instant: Instant): number {
  return Date.parse(instant);
}

export function toInstant(millis: number): Instant {
  return millis % hourMillis === 0 ? startOfHour(millis / hourMillis) : new Date(millis).toISOString();
}

/** `2001-01-22T06` of an instant: the segment and aggregate key. */
export function hourOf(instant: Instant): string {
  return instant.slice(0, 13);
}

/** The same of milliseconds since the epoch. */
export function hourOfMillis(millis: number): string {
  return hourOf(startOfHour(Math.floor(millis / hourMillis)));
}

const hoursByNumber = new Map<number, Instant>();

/** Remembered: formatting a date takes longer than all else that is done to an event. */
function startOfHour(number: number): Instant {
  const known = hoursByNumber.get(number);
  if (known !== undefined) return known;
  if (hoursByNumber.size >= 10_000) hoursByNumber.clear();
  const start = new Date(number * hourMillis).toISOString();
  hoursByNumber.set(number, start);
  return start;
}

export function hourStart(hour: string): Instant {
  return `${hour}:00:00.000Z`;
}

export function dayOf(instant: Instant): string {
  return instant.slice(0, 10);
}

/** `2001-01` of an instant, UTC. */
export function monthOf(instant: Instant): string {
  return instant.slice(0, 7);
}
