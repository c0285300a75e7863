import { decodePerformanceHour, decodeProfile } from '../domain/ground-truth/aggregate-codec.ts';
import type { HourlyPerformance, Profile } from '../domain/ground-truth/aggregates.ts';
import { type DayChanges, stampOf, untouched } from '../domain/ground-truth/day-changes.ts';
import { dayStretches } from '../domain/ground-truth/day-stretches.ts';
import { mergeHours } from '../domain/ground-truth/merge-window.ts';
import { type PerformanceRows, performanceHour, performanceRows } from '../domain/ground-truth/performance-codec.ts';
import { mergeAllProfiles } from '../domain/ground-truth/profile.ts';
import { dayMillis, hourStart, type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { GroundTruthMetrics, HourQuery, MetricWindow } from '../ports/ground-truth-metrics.ts';
import { createByteCache } from './byte-cache.ts';
import type { AggregateQuery, ReadAggregates } from './ground-truth-metrics.ts';

type Options = {
  readonly metrics: GroundTruthMetrics;
  /** Strongly consistent: what is remembered must not be older than the changes that were read before it. */
  readonly read: ReadAggregates;
  /** Profiles of every bucket that has one, in the order of the hours; as consistent. */
  readonly readHours: (query: HourQuery) => Promise<readonly (readonly Uint8Array[])[]>;
  /** Of every bucket; undefined for a bucket that does not keep them. */
  readonly changes: (modelId: string, buckets: number) => Promise<readonly (DayChanges | undefined)[]>;
  readonly maximumBytes: number;
};

type Stretch = { readonly from: Instant; readonly to: Instant };

type HourRow = { readonly hour: string; readonly predictions: number; readonly performance?: PerformanceRows };

/**
 * Remembers what a stretch of time came to until a bucket of the model says that one of its days has changed: of a window
 * of a week, only today is read again and again. The merged figures are those of the metrics underneath, to the last bit.
 */
export function rememberedMetrics({ metrics, read, readHours, changes, maximumBytes }: Options): GroundTruthMetrics {
  const cache = createByteCache(maximumBytes);
  const underWay = new Map<string, ReturnType<Options['changes']>>();

  /** Once for all who ask at the same time. */
  function changesOf(modelId: string, buckets: number): ReturnType<Options['changes']> {
    const asked = underWay.get(modelId) ?? changes(modelId, buckets).finally(() => underWay.delete(modelId));
    underWay.set(modelId, asked);
    return asked;
  }

  /** What each stretch came to; undefined when a bucket does not say what changed. */
  async function remembered<T>(
    { buckets = 0, version, modelId }: MetricWindow,
    stretches: readonly Stretch[],
    kind: AggregateQuery['kind'],
    merged: (stored: Awaited<ReturnType<ReadAggregates>>) => T,
  ): Promise<readonly T[] | undefined> {
    const held = await changesOf(modelId, buckets);
    if (!held.every((each) => each !== undefined)) return undefined;
    return Promise.all(
      stretches.map(async (stretch) => {
        const query = { modelId, kind, versions: String(version), ...stretch };
        const key = `${modelId} ${query.versions} ${kind} ${stretch.from} ${stretch.to}`;
        const stamps = daysOf(stretch).flatMap((day) => held.map((each) => stampOf(each, day.from)));
        // No bucket has ever had anything of these days.
        if (stamps.every((stamp) => stamp === untouched)) return merged([]);
        const stamp = stamps.join(' ');
        const known = cache.get(key, stamp);
        // Text, because as objects a week of a model takes ten times the memory.
        if (known !== undefined) return JSON.parse(known) as T;
        const value = merged(await read(query));
        cache.set(key, stamp, JSON.stringify(value));
        return value;
      }),
    );
  }

  async function rememberedHours({ modelId, version, buckets, hours }: HourQuery) {
    const held = await changesOf(modelId, buckets);
    if (!held.every((each) => each !== undefined)) return undefined;
    const known = new Map<string, Profile>();
    const asked: { readonly hour: string; readonly key: string; readonly stamp: string }[] = [];
    for (const hour of hours) {
      const from = hourStart(hour);
      // No bucket has ever had anything of that day.
      if (held.every((each) => stampOf(each, from) === untouched)) continue;
      const stamp = held.map((each) => stampOf(each, from)).join(' ');
      const key = `${modelId} ${version} hour ${hour}`;
      const text = cache.get(key, stamp);
      if (text === undefined) asked.push({ hour, key, stamp });
      else known.set(hour, JSON.parse(text));
    }
    const wanted = asked.map(({ hour }) => hour);
    const stored = wanted.length === 0 ? [] : await readHours({ modelId, version, buckets, hours: wanted });
    for (const [i, { hour, key, stamp }] of asked.entries()) {
      const profile = mergeAllProfiles(stored[i]!.map(decodeProfile));
      cache.set(key, stamp, JSON.stringify(profile));
      known.set(hour, profile);
    }
    return new Map([...known].filter(([, { n }]) => n > 0));
  }

  return {
    ...metrics,
    profile: async (window) => {
      const parts = isRemembered(window) && (await remembered(window, daysOf(window), 'profile', mergedProfile));
      return parts ? mergeAllProfiles(parts) : metrics.profile(window);
    },
    profileBlocks: async (window) => {
      const stretches = dayStretches(window);
      const profiles = isRemembered(window) && (await remembered(window, stretches, 'profile', mergedProfile));
      if (!profiles) return metrics.profileBlocks(window);
      return stretches.map((stretch, i) => ({ ...stretch, profile: profiles[i]! }));
    },
    profilesOfHours: async (query) => (await rememberedHours(query)) ?? metrics.profilesOfHours(query),
    hourlyPerformance: async (window) => {
      const parts = isRemembered(window) && (await remembered(window, daysOf(window), 'performance', mergedHours));
      return parts ? parts.flat().map(hourOfRow) : metrics.hourlyPerformance(window);
    },
  };
}

function isRemembered(window: MetricWindow): boolean {
  return window.buckets !== undefined;
}

function mergedProfile(stored: Awaited<ReturnType<ReadAggregates>>): Profile {
  return mergeAllProfiles(stored.map(({ data }) => decodeProfile(data)));
}

function mergedHours(stored: Awaited<ReturnType<ReadAggregates>>): readonly HourRow[] {
  const decoded = stored.map(({ hour, data }) => ({ hour, value: decodePerformanceHour(data) }));
  return mergeHours(decoded).map(({ hour, predictions, performance }) => ({
    hour,
    predictions,
    ...(performance && { performance: performanceRows([{ index: 0, predictions, performance }]) }),
  }));
}

function hourOfRow({ hour, predictions, performance }: HourRow): HourlyPerformance {
  const [point] = performance === undefined ? [] : performanceHour(performance);
  return { hour, predictions, ...(point && { performance: point.performance }) };
}

function daysOf({ from, to }: Stretch): readonly Stretch[] {
  const days: Stretch[] = [];
  const end = toMillis(to);
  for (let at = toMillis(from); at < end; ) {
    const next = Math.min(end, (Math.floor(at / dayMillis) + 1) * dayMillis);
    days.push({ from: toInstant(at), to: toInstant(next) });
    at = next;
  }
  return days;
}
