import { dayMillis, dayOf, hourMillis, type Instant, instantSchema, toInstant, toMillis } from '../../time.ts';
import * as z from '../../zod.ts';
import { sealedAt } from '../attribution-window.ts';
import { type BatchModel, longestWindowMinutes } from './batch-model.ts';

const dateSchema = z.iso.date();
export const dateRangeSchema = z
  .object({ from: dateSchema, to: dateSchema })
  .refine(({ from, to }) => from <= to, 'expected the first date not to be after the last');
export const batchDaySchema = z.object({ date: dateSchema, run: z.string(), completeThrough: instantSchema });

/** Event dates (`2026-01-31`), both inclusive. */
export type DateRange = z.infer<typeof dateRangeSchema>;

/** One pass of the batch join over some event dates, newest last; the item that says so is also the lock. */
export type BatchRun = DateRange & {
  /** Name of the execution. */
  readonly runId: string;
  /** Events that arrived before this are joined. On an hour. */
  readonly completeThrough: Instant;
  /** The date under way; after the last one when all are done. */
  readonly next: string;
  /** Of the date under way, from 1. */
  readonly attempt: number;
  /** Dates that were given up after `maximumAttempts`; they keep the results they had. */
  readonly failedDates: readonly string[];
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
};

/** A date of a run, as the workflow hands it from task to task. */
/** `run`: under which the results of this attempt are. */
export type BatchDay = z.infer<typeof batchDaySchema>;

/** A run that has said nothing for so long has died; the longest step is a query, which Athena ends after 30 minutes. */
const stalledMillis = 2 * hourMillis;
export const maximumAttempts = 3;

/**
 * Dates that labels or events may still change, and that no run saw after they were sealed. Today is not over. Undefined
 * when there is no model yet.
 */
export function openDates(models: readonly BatchModel[], now: Instant): DateRange | undefined {
  if (models.length === 0) return undefined;
  const to = toMillis(now) - dayMillis;
  const openMillis = sealedAt(0, longestWindowMinutes(models)) + dayMillis;
  return { from: dayOf(toInstant(to - Math.ceil(openMillis / dayMillis) * dayMillis)), to: dayOf(toInstant(to)) };
}

/** Dates of the range that are over; undefined when none is. */
export function pastDates(range: DateRange, now: Instant): DateRange | undefined {
  const yesterday = dayBefore(dayOf(now));
  const to = range.to < yesterday ? range.to : yesterday;
  return range.from <= to ? { from: range.from, to } : undefined;
}

export function dayAfter(date: string): string {
  return dayOf(toInstant(startOf(date) + dayMillis));
}

function dayBefore(date: string): string {
  return dayOf(toInstant(startOf(date) - dayMillis));
}

/** Milliseconds since the epoch. */
export function startOf(date: string): number {
  return toMillis(`${date}T00:00:00.000Z`);
}

/**
 * What begins when `runId` asks: the same run when it has begun; undefined while another one runs. Of the same range a
 * run that died goes on where it stopped.
 */
export function nextRun(
  held: BatchRun | undefined,
  runId: string,
  range: DateRange,
  now: Instant,
): BatchRun | undefined {
  if (held?.runId === runId) return held;
  if (held !== undefined && isRunning(held, now)) return undefined;
  const isResumed = held?.status === 'running' && held.from === range.from && held.to === range.to;
  const completeThrough = toInstant(Math.floor(toMillis(now) / hourMillis) * hourMillis);
  return {
    ...range,
    runId,
    completeThrough,
    next: isResumed ? held.next : range.from,
    attempt: 1,
    failedDates: [],
    status: 'running',
    startedAt: now,
    updatedAt: now,
  };
}

function isRunning({ status, updatedAt }: BatchRun, now: Instant): boolean {
  return status === 'running' && toMillis(now) - toMillis(updatedAt) < stalledMillis;
}

/** The date under way; undefined when all are done. */
export function dayOfRun({ runId, next, to, attempt, completeThrough }: BatchRun): BatchDay | undefined {
  return next > to ? undefined : { date: next, run: `${runId}-${attempt}`, completeThrough };
}

export function withDayDone(run: BatchRun, date: string, now: Instant): BatchRun {
  return run.next === date ? movedOn(run, now) : { ...run, updatedAt: now };
}

export function withDayFailed(run: BatchRun, day: BatchDay, now: Instant): BatchRun {
  // Told twice of the same attempt.
  if (dayOfRun(run)?.run !== day.run || run.next !== day.date) return { ...run, updatedAt: now };
  if (run.attempt < maximumAttempts) return { ...run, attempt: run.attempt + 1, updatedAt: now };
  // One date that cannot be joined must not keep the later ones from readers.
  return movedOn({ ...run, failedDates: [...run.failedDates, day.date] }, now);
}

function movedOn(run: BatchRun, now: Instant): BatchRun {
  const next = dayAfter(run.next);
  const ended = run.failedDates.length > 0 ? 'failed' : 'succeeded';
  return { ...run, next, attempt: 1, status: next > run.to ? ended : 'running', updatedAt: now };
}
