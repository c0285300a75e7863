import { decodePerformance, decodePerformanceHour } from '../domain/ground-truth/aggregate-codec.ts';
import type { DailyPerformance, HourlyPerformance, Layer } from '../domain/ground-truth/aggregates.ts';
import { mergeDays, mergeFiveMinutes, mergeHours } from '../domain/ground-truth/merge-window.ts';
import { versionsKey } from '../domain/ground-truth/versions-key.ts';
import { dayMillis, dayOf, hourMillis, hourStart, type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { GroundTruthMetrics, MetricWindow } from '../ports/ground-truth-metrics.ts';
import { hoursOfPoints } from './hour-rows.ts';

type Stored = { readonly hour: string; readonly data: Uint8Array };

/** What the batch join has written. */
export type BatchResults = {
  /** The run whose results stand, by day (`2001-01-22`), of the days from `first` to `last`; none where none was joined. */
  runs(first: string, last: string): Promise<ReadonlyMap<string, string>>;
  /** Encoded points by hour, ascending. A run's results never change. */
  hours(query: BatchQuery & OfRun): Promise<readonly Stored[]>;
  /** The same merged, for who asks again and again. @default made of `hours` */
  readonly mergedHours?: (query: BatchQuery & OfRun) => Promise<readonly HourlyPerformance[]>;
  /** Each day as one encoded point, ascending, of every run. */
  days(
    query: BatchQuery & { readonly first: string; readonly last: string },
  ): Promise<readonly { readonly day: string; readonly runId: string; readonly data: Uint8Array }[]>;
};
export type OfRun = { readonly day: string; readonly runId: string };
export type BatchQuery = { readonly modelId: string /** `versionsKey` */; readonly versions: string };

type Stretch = { readonly from: Instant; readonly to: Instant };
/** A stretch without batch results, or what lies in the window of a day that has them. */
type Part = Stretch & ({ readonly layer: 'speed' } | { readonly layer: 'batch'; readonly runId: string });

/**
 * Performance from the batch join where it has joined the day and says something of the model, from the stream's where not;
 * each figure says which. The batch is silent of a model as long as the stream may know more, see `settle_minutes`. What it
 * does not keep (profiles, paired losses) is the stream's.
 */
export function layeredMetrics(speed: GroundTruthMetrics, batch: BatchResults): GroundTruthMetrics {
  /** Each part of the window by the layer that answers for it, in the order of time. */
  async function read<T>(
    window: MetricWindow,
    ofSpeed: (window: MetricWindow) => Promise<readonly T[]>,
    ofBatch: (query: BatchQuery & OfRun, part: Stretch) => Promise<readonly T[]>,
  ): Promise<readonly (T & { readonly layer: Layer })[]> {
    const parts = await partsOf(window);
    const versions = versionsKey(window);
    const found = await Promise.all(
      parts.map(async ({ from, to, ...part }) => {
        if (part.layer === 'batch') {
          const of = { modelId: window.modelId, versions, day: dayOf(from), runId: part.runId };
          const items = await ofBatch(of, { from, to });
          if (items.length > 0 || window.layer === 'batch') return inLayer('batch', items);
        }
        return inLayer('speed', await ofSpeed({ ...window, from, to }));
      }),
    );
    return found.flat();
  }

  async function partsOf(window: MetricWindow): Promise<readonly Part[]> {
    const { from, to, layer } = window;
    if (layer === 'speed' || from >= to) return [{ layer: 'speed', from, to }];
    const parts = partsBy(await batch.runs(dayOf(from), dayOf(lastMoment(to))), window);
    return layer === 'batch' ? parts.filter((part) => part.layer === 'batch') : parts;
  }

  const hours = (window: MetricWindow): Promise<readonly HourlyPerformance[]> =>
    read(window, speed.hourlyPerformance, async (query, part) => {
      const merged = await (batch.mergedHours?.(query) ?? batch.hours(query).then(hoursOfPoints));
      return merged.filter(({ hour }) => overlaps(hour, part));
    });

  /** Whole days that the batch has joined, each from one row: a year of hours is no longer kept. */
  async function wholeDays(window: MetricWindow, parts: readonly Part[]): Promise<readonly DailyPerformance[]> {
    const runOf = new Map(parts.flatMap((part) => (part.layer === 'batch' ? [[dayOf(part.from), part.runId]] : [])));
    const days = [...runOf.keys()];
    if (days.length === 0) return [];
    const of = { modelId: window.modelId, versions: versionsKey(window) };
    const stored = await batch.days({ ...of, first: days[0]!, last: days.at(-1)! });
    return stored.flatMap(({ day, runId, data }) => {
      if (runOf.get(day) !== runId) return [];
      const merged = mergeHours([{ hour: `${day}T00`, value: decodePerformanceHour(data) }]);
      return mergeDays(merged.map((each) => ({ ...each, layer: 'batch' as const })));
    });
  }

  return {
    ...speed,
    hourlyPerformance: hours,
    fiveMinutePerformance: (window) =>
      read(window, speed.fiveMinutePerformance, async (query, part) =>
        mergeFiveMinutes(
          (await batch.hours(query)).map(({ hour, data }) => ({ hour, value: decodePerformance(data) })),
          part,
        ),
      ),
    dailyPerformance: async (window) => {
      const { whole = [], rest = [] } = Object.groupBy(await partsOf(window), (part) =>
        part.layer === 'batch' && toMillis(part.to) - toMillis(part.from) === dayMillis ? 'whole' : 'rest',
      );
      const joined = await wholeDays(window, whole);
      const silent =
        window.layer === 'batch' ? [] : whole.filter(({ from }) => !joined.some(({ day }) => day === dayOf(from)));
      const read = await Promise.all([
        ...rest.map(async ({ from, to, layer }) => mergeDays(await hours({ ...window, layer, from, to }))),
        ...silent.map(async ({ from, to }) => mergeDays(await hours({ ...window, layer: 'speed', from, to }))),
      ]);
      return [joined, ...read].flat().sort((a, b) => (a.day < b.day ? -1 : 1));
    },
  };
}

function inLayer<T>(layer: Layer, items: readonly T[]): readonly (T & { readonly layer: Layer })[] {
  return items.map((item) => ({ ...item, layer }));
}

function partsBy(runs: ReadonlyMap<string, string>, { from, to }: Stretch): readonly Part[] {
  const parts: Part[] = [];
  for (let at = from; at < to; ) {
    const end = earlier(to, toInstant((Math.floor(toMillis(at) / dayMillis) + 1) * dayMillis));
    const runId = runs.get(dayOf(at));
    const last = parts.at(-1);
    if (runId !== undefined) parts.push({ layer: 'batch', runId, from: at, to: end });
    else if (last?.layer === 'speed') parts[parts.length - 1] = { ...last, to: end };
    else parts.push({ layer: 'speed', from: at, to: end });
    at = end;
  }
  return parts;
}

function earlier(left: Instant, right: Instant): Instant {
  return left < right ? left : right;
}

function lastMoment(to: Instant): Instant {
  return toInstant(toMillis(to) - 1);
}

function overlaps(hour: string, { from, to }: Stretch): boolean {
  return hourStart(hour) < to && toInstant(toMillis(hourStart(hour)) + hourMillis) > from;
}
