import { dayMillis, dayOf, hourMillis, type Instant, instantSchema, toInstant, toMillis } from '../../time.ts';
import * as z from '../../zod.ts';
import { sealedAt } from '../attribution-window.ts';
import { type BatchModel, longestWindowMinutes } from './batch-model.ts';

/** Longer ranges go into several runs: the history of an execution is limited. */
export const maximumDates = 60;

const dateSchema = z.iso.date();
/** Event dates (`2026-01-31`), both inclusive. */
export const dateRangeSchema = z
  .object({ from: dateSchema, to: dateSchema })
  .refine(({ from, to }) => from <= to, 'expected the first date not to be after the last')
  .refine(({ from, to }) => datesOf({ from, to }).length <= maximumDates, `expected at most ${maximumDates} dates`);
/** A date of a run, as the workflow hands it from task to task. `run`: under which the results of this attempt are. */
export const batchDaySchema = z.object({ date: dateSchema, run: z.string(), completeThrough: instantSchema });

type DateRange = { readonly from: string; readonly to: string };
export type BatchDay = z.infer<typeof batchDaySchema>;

/** One pass of the batch join over some event dates; the item that says so is also the lock. */
export type BatchRun = {
  /** Name of the execution. */
  readonly runId: string;
  /** Events that arrived before this are joined. On an hour. */
  readonly completeThrough: Instant;
  /** Not yet joined; the first is under way. */
  readonly dates: readonly string[];
  readonly joinedDates: number;
  /** Given up after `maximumAttempts`; they keep the results they had. */
  readonly failedDates: readonly string[];
  /** Of the date under way, from 1. */
  readonly attempt: number;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
};

/** What came over the stream is archived by then: it is gathered for five minutes, and an outage is waited for. */
const archiveMillis = hourMillis;

/** A run that has said nothing for so long has died; the longest step is a query, which Athena ends after 30 minutes. */
const stalledMillis = 2 * hourMillis;
const maximumAttempts = 3;

/** What arrived before this is in the archive. On an hour. */
export function completeThroughAt(now: Instant): Instant {
  return toInstant(Math.floor((toMillis(now) - archiveMillis) / hourMillis) * hourMillis);
}

/**
 * Event dates that a daily run joins, the newest first: those whose age in days is 1, 2, 4, 8, 16, … and, once more,
 * when they are sealed and final. Labels come the fewer the older a prediction is, so that a date waits for a label at
 * most its own age longer than the label took; joining every date every day would cost twice as much, more with longer windows.
 */
export function openDates(models: readonly BatchModel[], completeThrough: Instant): readonly string[] {
  if (models.length === 0) return [];
  const finalAge = Math.ceil((sealedAt(0, longestWindowMinutes(models)) + dayMillis) / dayMillis);
  const ages: number[] = [];
  for (let age = 1; age < finalAge; age *= 2) ages.push(age);
  return [...ages, finalAge].map((age) => dayOf(toInstant(toMillis(completeThrough) - age * dayMillis)));
}

/** Those of the range that are over, ascending. */
export function pastDates(range: DateRange, completeThrough: Instant): readonly string[] {
  return datesOf(range).filter((date) => date < dayOf(completeThrough));
}

function datesOf({ from, to }: DateRange): readonly string[] {
  const count = Math.max(0, (startOf(to) - startOf(from)) / dayMillis + 1);
  // A year more than is allowed is enough to see that it is too many.
  return Array.from({ length: Math.min(count, 366 + maximumDates) }, (_, i) =>
    dayOf(toInstant(startOf(from) + i * dayMillis)),
  );
}

/** Milliseconds since the epoch. */
export function startOf(date: string): number {
  return toMillis(`${date}T00:00:00.000Z`);
}

/** What begins when `runId` asks: the same run when it has begun; undefined while another one runs. */
export function nextRun(
  held: BatchRun | undefined,
  runId: string,
  dates: readonly string[],
  now: Instant,
): BatchRun | undefined {
  if (held?.runId === runId) return held;
  if (held !== undefined && isRunning(held, now)) return undefined;
  const completeThrough = completeThroughAt(now);
  const nothing = { joinedDates: 0, failedDates: [], attempt: 1 };
  return { runId, completeThrough, dates, ...nothing, status: 'running', startedAt: now, updatedAt: now };
}

function isRunning({ status, updatedAt }: BatchRun, now: Instant): boolean {
  return status === 'running' && toMillis(now) - toMillis(updatedAt) < stalledMillis;
}

/** The date under way; undefined when all are done. */
export function dayOfRun({ runId, dates, attempt, completeThrough }: BatchRun): BatchDay | undefined {
  const [date] = dates;
  return date === undefined ? undefined : { date, run: `${runId}-${attempt}`, completeThrough };
}

export function withDayDone(run: BatchRun, { date }: BatchDay, now: Instant): BatchRun {
  if (run.dates[0] !== date) return { ...run, updatedAt: now };
  return movedOn({ ...run, joinedDates: run.joinedDates + 1 }, now);
}

export function withDayFailed(run: BatchRun, day: BatchDay, now: Instant): BatchRun {
  const held = dayOfRun(run);
  // Told twice of the same attempt.
  if (held?.run !== day.run || held.date !== day.date) return { ...run, updatedAt: now };
  if (run.attempt < maximumAttempts) return { ...run, attempt: run.attempt + 1, updatedAt: now };
  // One date that cannot be joined must not keep the others from readers.
  return movedOn({ ...run, failedDates: [...run.failedDates, day.date] }, now);
}

function movedOn(run: BatchRun, now: Instant): BatchRun {
  const dates = run.dates.slice(1);
  const ended = run.failedDates.length > 0 ? 'failed' : 'succeeded';
  return { ...run, dates, attempt: 1, status: dates.length === 0 ? ended : 'running', updatedAt: now };
}
