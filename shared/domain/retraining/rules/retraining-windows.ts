import { type Instant, instantSchema, toMillis } from '../../time.ts';
import * as z from '../../zod.ts';
import { createOffPeak, offPeakWindowSchema } from '../queue/off-peak.ts';
import { wallClock, weekdays } from './wall-clock.ts';

export const timeZoneSchema = offPeakWindowSchema.shape.timeZone;

/** From `from` until before `to` nothing is retrained. */
export const freezeSchema = z
  .strictObject({ from: instantSchema, to: instantSchema, reason: z.string().min(1).max(200) })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'expected a moment after `from`' });
export const freezeListSchema = z.array(freezeSchema).max(20);
export type Freeze = z.infer<typeof freezeSchema>;

/** An off-peak window that opens on some weekdays only. Each moment is judged by the weekday it is on. */
export const offPeakSchema = offPeakWindowSchema.extend({
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .max(7)
    .default([...weekdays]),
});
export type OffPeakHours = z.infer<typeof offPeakSchema>;

/** Of a stage: `none`, or an interval and a reason as in `2026-12-20T00:00:00Z/2027-01-03T00:00:00Z the holidays`. */
export function parseStageFreeze(text: string): readonly Freeze[] {
  if (text === 'none') return [];
  const [interval = '', ...reason] = text.split(' ');
  const [from, to] = interval.split('/');
  return [freezeSchema.parse({ from, to, reason: reason.join(' ') })];
}

/** The freeze that `now` is in; undefined without one. */
export function freezeAt(freezes: readonly Freeze[], now: Instant): Freeze | undefined {
  return freezes.find(({ from, to }) => from <= now && now < to);
}

export function isOffPeak({ days, ...window }: OffPeakHours, now: Instant): boolean {
  return days.includes(wallClock(now, window.timeZone).weekday) && createOffPeak(window).isOpen(toMillis(now));
}

export function offPeakWords({ timeZone, days, from, to }: OffPeakHours): string {
  const on = days.length === weekdays.length ? 'every day' : days.join(', ');
  return `${on} ${from} to ${to} ${timeZone}`;
}
