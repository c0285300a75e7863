import type { BatchModel } from '../../domain/ground-truth/batch/batch-model.ts';
import {
  type BatchDay,
  type BatchRun,
  completeThroughAt,
  dayOfRun,
  nextRun,
  openDates,
  pastDates,
  startOf,
  withDayDone,
  withDayFailed,
} from '../../domain/ground-truth/batch/batch-run.ts';
import { addDay, switchDay, unloadJoin, unloadMetrics } from '../../domain/ground-truth/batch/batch-statements.ts';
import { dayMetricsOf } from '../../domain/ground-truth/batch/metric-rows.ts';
import { dayMillis, type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { BatchStore } from '../../ports/batch-store.ts';
import type { MetricFiles } from '../../ports/metric-files.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Where the workflow goes next. `busy`: another run is under way. */
export type RunStep =
  | { readonly status: 'busy' | 'done' | 'failed' }
  | { readonly status: 'day'; readonly day: BatchDay };

type Models = () => Promise<readonly BatchModel[]>;
type Begin = {
  readonly runId: string;
  /** Event dates, both inclusive. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly now: Instant;
};

/** Begins a run, of all dates that may still change when no range is given, or finds that it has begun. */
export function beginRun({ store, models }: { readonly store: BatchStore; readonly models: Models }, begin: Begin) {
  return withRetryOnConflict(async (): Promise<RunStep> => {
    const { runId, now } = begin;
    const end = completeThroughAt(now);
    const dates = begin.range === undefined ? openDates(await models(), end) : pastDates(begin.range, end);
    if (dates.length === 0) return { status: 'done' };
    const held = await store.run();
    const run = nextRun(held, runId, dates, now);
    if (run === undefined) return { status: 'busy' };
    if (run !== held) await store.putRun(run, held);
    return stepOf(run);
  });
}

/** Makes the day what readers see, then goes on. Repeating it does no harm. */
export async function completeDay(store: BatchStore, day: BatchDay, now: Instant): Promise<RunStep> {
  await store.publishDay(day, now);
  return advance(store, (run) => withDayDone(run, day, now));
}

/** Another attempt at the day, or the end of the run. */
export function failDay(store: BatchStore, day: BatchDay, now: Instant): Promise<RunStep> {
  return advance(store, (run) => withDayFailed(run, day, now));
}

function advance(store: BatchStore, change: (run: BatchRun) => BatchRun): Promise<RunStep> {
  return withRetryOnConflict(async () => {
    const held = await store.run();
    if (held === undefined) throw new Error('no run has begun');
    const run = change(held);
    await store.putRun(run, held);
    return stepOf(run);
  });
}

function stepOf(run: BatchRun): RunStep {
  if (run.status === 'failed') return { status: 'failed' };
  const day = dayOfRun(run);
  return day === undefined ? { status: 'done' } : { status: 'day', day };
}

type QueryPorts = { readonly engine: QueryEngine; readonly models: Models; readonly bucket: string };

const joinedAt = ({ date, run }: BatchDay, bucket: string) => `s3://${bucket}/joined/date=${date}/run=${run}/`;
const metricsPrefix = ({ date, run }: BatchDay) => `metrics/date=${date}/run=${run}/`;

/** Starts one of the queries of a day and gives its id. */
export async function startQuery(
  { engine, models, bucket }: QueryPorts,
  day: BatchDay,
  what: 'join' | 'metrics',
): Promise<{ readonly queryId: string }> {
  const { date, completeThrough } = day;
  const from = startOf(date);
  const scope = { models: await models(), from, to: from + dayMillis, cutoff: toMillis(completeThrough) };
  const settledMinutes = (scope.cutoff - scope.to) / minuteMillis;
  const sql =
    what === 'join'
      ? unloadJoin(scope, joinedAt(day, bucket))
      : unloadMetrics({ models: scope.models, date, settledMinutes }, `s3://${bucket}/${metricsPrefix(day)}`);
  return { queryId: await engine.start(sql) };
}

/** Starts a statement that gives the day a partition, or moves the one it has to this attempt's results. */
export async function startSwitch(
  { engine, bucket }: Omit<QueryPorts, 'models'>,
  { date, ...rest }: BatchDay,
  what: 'add' | 'move',
): Promise<{ readonly queryId: string }> {
  const statement = what === 'add' ? addDay : switchDay;
  return { queryId: await engine.start(statement(date, joinedAt({ date, ...rest }, bucket))) };
}

export type WriteProgress = { readonly next: number; readonly status: 'more' | 'written' };

/** Takes one file of the day's metrics into the table; `next` counts files from 0. */
export async function writeMetrics(
  { files, store }: { readonly files: MetricFiles; readonly store: BatchStore },
  { day, next, now }: { readonly day: BatchDay; readonly next: number; readonly now: Instant },
): Promise<WriteProgress> {
  const all = await files.list(metricsPrefix(day));
  const file = all[next];
  if (file !== undefined)
    for await (const row of files.rows(file)) await store.putMetrics(day, dayMetricsOf(row, day.date), now);
  return { next: next + 1, status: next + 1 < all.length ? 'more' : 'written' };
}
