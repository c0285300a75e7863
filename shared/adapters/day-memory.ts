import { decodeProfile } from '../domain/ground-truth/aggregate-codec.ts';
import type { HourlyPerformance } from '../domain/ground-truth/aggregates.ts';
import {
  bytesOfLayout,
  bytesOfPacked,
  createProfileLayout,
  type PackedHours,
  type ProfileLayout,
  packHours,
} from '../domain/ground-truth/packed-hours.ts';
import { type OfVersion, versionsKey } from '../domain/ground-truth/versions-key.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { HourQuery } from '../ports/ground-truth-metrics.ts';
import { createByteCache } from './byte-cache.ts';
import type { ReadAggregates } from './ground-truth-metrics.ts';
import { bytesOfText, hoursOfPoints, hoursOfText, textOfHours } from './hour-rows.ts';

export type DayMemoryOptions = {
  /** Strongly consistent: what is remembered must not be older than the changes that were read before it. */
  readonly read: ReadAggregates;
  /** Profiles of every bucket that has one, in the order of the hours; as consistent. */
  readonly readHours: (query: HourQuery) => Promise<readonly (readonly Uint8Array[])[]>;
  readonly maximumBytes: number;
};

type OfModel = OfVersion & { readonly modelId: string };
/** The start of a UTC day, and what its aggregates were kept under. */
export type StampedDay = { readonly day: Instant; readonly stamp: string };
type StampedHour = { readonly hour: string; readonly stamp: string };

type Kept = { readonly layout: ProfileLayout } | { readonly packed: PackedHours } | { readonly rows: string };

/** Whole days and single hours of models, kept until they are asked for under another stamp. */
export function createDayMemory({ read, readHours, maximumBytes }: DayMemoryOptions) {
  const cache = createByteCache<Kept>(maximumBytes, bytesOf);
  const underWay = new Map<string, Promise<PackedHours>>();

  function pack(of: OfModel, key: string, stamp: string, profiles: Parameters<typeof packHours>[1]): PackedHours {
    const layoutKey = `${of.modelId} ${of.version}`;
    const known = cache.get(layoutKey, '');
    const layout = known !== undefined && 'layout' in known ? known.layout : createProfileLayout();
    const packed = packHours(layout, profiles);
    cache.set(layoutKey, '', { layout });
    cache.set(key, stamp, { packed });
    return packed;
  }

  function packedOf(key: string, stamp: string): PackedHours | undefined {
    const known = cache.get(key, stamp);
    return known !== undefined && 'packed' in known ? known.packed : undefined;
  }

  /** Undefined when nothing is remembered of the day, and nobody is reading it. */
  function knownDay(of: OfModel, { day, stamp }: StampedDay): PackedHours | Promise<PackedHours> | undefined {
    const key = keyOf(of, 'profile', day);
    return packedOf(key, stamp) ?? underWay.get(`${key} ${stamp}`);
  }

  async function readDay(of: OfModel, { day, stamp }: StampedDay): Promise<PackedHours> {
    const stored = await read({ ...queryOf(of, day), kind: 'profile' });
    const profiles = stored.map(({ hour, data }) => ({ hour, profile: decodeProfile(data) }));
    return pack(of, keyOf(of, 'profile', day), stamp, profiles);
  }

  /** Once for all who ask at the same time. */
  function sharedDay(of: OfModel, day: StampedDay): Promise<PackedHours> {
    const key = `${keyOf(of, 'profile', day.day)} ${day.stamp}`;
    const asked = readDay(of, day).finally(() => underWay.delete(key));
    underWay.set(key, asked);
    return asked;
  }

  return {
    knownDay,

    /** Of each day, in their order. */
    profiles(of: OfModel, days: readonly StampedDay[]): Promise<readonly PackedHours[]> {
      return Promise.all(days.map((day) => knownDay(of, day) ?? sharedDay(of, day)));
    },

    /** Of each hour, in their order; for hours of days that are not worth reading whole. */
    async hours(of: Omit<HourQuery, 'hours'>, hours: readonly StampedHour[]): Promise<readonly PackedHours[]> {
      const known = hours.map(({ hour, stamp }) => packedOf(keyOf(of, 'hour', hour), stamp));
      const asked = hours.filter((_, i) => known[i] === undefined);
      if (asked.length === 0) return known as readonly PackedHours[];
      const stored = await readHours({ ...of, hours: asked.map(({ hour }) => hour) });
      const found = new Map(
        asked.map(({ hour, stamp }, i) => {
          const profiles = stored[i]!.map((data) => ({ hour, profile: decodeProfile(data) }));
          return [hour, pack(of, keyOf(of, 'hour', hour), stamp, profiles)];
        }),
      );
      return hours.map(({ hour }, i) => known[i] ?? found.get(hour)!);
    },

    /** Of each day, in their order. */
    performance(of: OfModel, days: readonly StampedDay[]): Promise<readonly (readonly HourlyPerformance[])[]> {
      return Promise.all(
        days.map(async ({ day, stamp }) => {
          const key = keyOf(of, 'performance', day);
          const known = cache.get(key, stamp);
          if (known !== undefined && 'rows' in known) return hoursOfText(known.rows);
          const hours = hoursOfPoints(await read({ ...queryOf(of, day), kind: 'performance' }));
          const rows = textOfHours(hours);
          cache.set(key, stamp, { rows });
          // Read from the text, so that what is remembered and what is not are one.
          return hoursOfText(rows);
        }),
      );
    },
  };
}

function keyOf({ modelId, ...of }: OfModel, kind: string, moment: string): string {
  return `${modelId} ${versionsKey(of)} ${kind} ${moment}`;
}

function queryOf({ modelId, ...of }: OfModel, day: Instant) {
  return { modelId, versions: versionsKey(of), from: day, to: toInstant(toMillis(day) + dayMillis) };
}

function bytesOf(kept: Kept): number {
  if ('layout' in kept) return bytesOfLayout(kept.layout);
  return 'packed' in kept ? bytesOfPacked(kept.packed) : bytesOfText(kept.rows);
}
