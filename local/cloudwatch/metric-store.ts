import type { Journal } from '../journal.ts';

export const minuteMilliseconds = 60_000;

export type MetricId = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

/** What was measured in one minute. `values` only where somebody asks for percentiles. */
type Bucket = {
  readonly minute: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  readonly values: number[];
};

export type Watched = { readonly lookbackMilliseconds: number; readonly needsValues: boolean };

export interface MetricStore {
  /** Times are virtual milliseconds and never go back within a metric. */
  record(key: string, at: number, value: number): void;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p99`; undefined when nothing was measured in [from, to). */
  statistic(key: string, statistic: string, from: number, to: number): number | undefined;
  /** The minutes in (after, upTo] in which anything was measured. */
  minutes(key: string, after: number, upTo: number): readonly number[];
  /** The first minute after `after` in which anything was measured. */
  firstMinute(key: string, after: number): number | undefined;
  /** Writes all down, for the next start. What was measured since the last time is lost when the process is killed. */
  save(): void;
}

/** Percentiles of a busier minute rest on its first values. */
const maximumValues = 1_000;

export function metricKey({ namespace, name, dimensions }: MetricId): string {
  const pairs = Object.entries(dimensions).map(([dimension, value]) => `|${dimension}=${value}`);
  return `${namespace}|${name}${(pairs.length > 1 ? pairs.sort() : pairs).join('')}`;
}

/** Measurements by minute, as far back as an alarm looks. */
export function createMetricStore(journal: Journal, watched: ReadonlyMap<string, Watched>): MetricStore {
  journal.db.exec('CREATE TABLE IF NOT EXISTS cloudwatch_series (key TEXT PRIMARY KEY, buckets TEXT NOT NULL)');
  const load = journal.db.prepare('SELECT key, buckets FROM cloudwatch_series');
  const insert = journal.db.prepare('INSERT INTO cloudwatch_series (key, buckets) VALUES (?, ?)');
  const seriesByKey = new Map<string, Bucket[]>();
  for (const { key, buckets } of load.all()) seriesByKey.set(String(key), JSON.parse(String(buckets)) as Bucket[]);

  function bucketAt(key: string, at: number): Bucket {
    const minute = Math.floor(at / minuteMilliseconds) * minuteMilliseconds;
    const series = seriesByKey.get(key) ?? [];
    const last = series.at(-1);
    if (last !== undefined && last.minute >= minute) return last;
    const made = { minute, count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, values: [] };
    const horizon = minute - (watched.get(key)?.lookbackMilliseconds ?? 0);
    series.splice(0, firstAfter(series, horizon));
    series.push(made);
    seriesByKey.set(key, series);
    return made;
  }

  return {
    record(key, at, value) {
      const bucket = bucketAt(key, at);
      bucket.count += 1;
      bucket.sum += value;
      bucket.min = Math.min(bucket.min, value);
      bucket.max = Math.max(bucket.max, value);
      if (watched.get(key)?.needsValues && bucket.values.length < maximumValues) bucket.values.push(value);
    },
    statistic(key, statistic, from, to) {
      const series = seriesByKey.get(key);
      if (series === undefined) return undefined;
      const buckets = series.slice(firstAfter(series, from - 1), firstAfter(series, to - 1));
      return buckets.length === 0 ? undefined : summarize(buckets, statistic);
    },
    minutes(key, after, upTo) {
      const series = seriesByKey.get(key);
      if (series === undefined) return [];
      return series.slice(firstAfter(series, after), firstAfter(series, upTo)).map(({ minute }) => minute);
    },
    firstMinute(key, after) {
      const series = seriesByKey.get(key);
      return series?.[firstAfter(series, after)]?.minute;
    },
    save() {
      journal.transaction(() => {
        journal.db.exec('DELETE FROM cloudwatch_series');
        for (const [key, buckets] of seriesByKey) insert.run(key, JSON.stringify(buckets));
      });
    },
  };
}

/** Index of the first bucket later than `time`. */
function firstAfter(series: readonly Bucket[], time: number): number {
  let [low, high] = [0, series.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series[middle]?.minute ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function summarize(buckets: readonly Bucket[], statistic: string): number {
  const add = (of: (bucket: Bucket) => number) => buckets.reduce((sum, bucket) => sum + of(bucket), 0);
  switch (statistic) {
    case 'Sum':
      return add(({ sum }) => sum);
    case 'SampleCount':
      return add(({ count }) => count);
    case 'Average':
      return add(({ sum }) => sum) / add(({ count }) => count);
    case 'Minimum':
      return Math.min(...buckets.map(({ min }) => min));
    case 'Maximum':
      return Math.max(...buckets.map(({ max }) => max));
    default:
      return percentile(
        buckets.flatMap(({ values }) => values),
        Number(statistic.slice(1)),
      );
  }
}

/** Nearest rank. */
function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}
