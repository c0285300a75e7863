import type { Profile } from '../domain/ground-truth/aggregates.ts';
import { type DayChanges, stampOf, untouched } from '../domain/ground-truth/day-changes.ts';
import { dayStretches } from '../domain/ground-truth/day-stretches.ts';
import { type PackedHours, profileOfHour, profileOfPacked } from '../domain/ground-truth/packed-hours.ts';
import { dayMillis, dayOf, hourMillis, hourOf, type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { GroundTruthMetrics, HourQuery, MetricWindow } from '../ports/ground-truth-metrics.ts';
import { createDayMemory, type DayMemoryOptions, type StampedDay } from './day-memory.ts';

type Options = DayMemoryOptions & {
  readonly metrics: GroundTruthMetrics;
  /** Of every bucket; undefined for a bucket that does not keep them. */
  readonly changes: (modelId: string, buckets: number) => Promise<readonly (DayChanges | undefined)[]>;
};

type Stretch = { readonly from: Instant; readonly to: Instant };
/** Of a UTC day; undefined while no bucket has ever had anything of it. */
type StampOfDay = (day: Instant) => string | undefined;

/**
 * Remembers the hours of a day until a bucket of the model says that the day has changed: of a window of a week, only
 * today is read again and again, and stretches that move with the clock are merged from the hours. The merged figures are
 * those of the metrics underneath, to the last bit.
 */
export function rememberedMetrics({ metrics, changes, ...options }: Options): GroundTruthMetrics {
  const memory = createDayMemory(options);
  const underWay = new Map<string, ReturnType<Options['changes']>>();

  /** Once for all who ask at the same time. */
  function changesOf(modelId: string, buckets: number): ReturnType<Options['changes']> {
    const asked = underWay.get(modelId) ?? changes(modelId, buckets).finally(() => underWay.delete(modelId));
    underWay.set(modelId, asked);
    return asked;
  }

  /** Undefined when a bucket does not say what changed. */
  async function stampsOf({ modelId, buckets }: Pick<MetricWindow, 'modelId' | 'buckets'>) {
    const held = buckets === undefined ? [undefined] : await changesOf(modelId, buckets);
    return held.every((each) => each !== undefined) ? (day: Instant) => stampOfDay(held, day) : undefined;
  }

  async function packedDays(window: MetricWindow): Promise<readonly PackedHours[] | undefined> {
    const stamps = await stampsOf(window);
    return stamps && memory.profiles(window, stampedDays(window, stamps));
  }

  async function packedHours({ hours, ...of }: HourQuery): Promise<ReadonlyMap<string, Profile> | undefined> {
    const stamps = await stampsOf(of);
    if (stamps === undefined) return undefined;
    // By day: a model is asked for some sixty hours of eight days.
    const days = [...Map.groupBy(hours, dayOf)].flatMap(([name, hoursOfDay]) => {
      const day = `${name}T00:00:00.000Z`;
      const stamp = stamps(day);
      return stamp === undefined ? [] : [{ stamp, hoursOfDay, whole: memory.knownDay(of, { day, stamp }) }];
    });
    const single = days.flatMap(({ stamp, hoursOfDay, whole }) =>
      whole === undefined ? hoursOfDay.map((hour) => ({ hour, stamp })) : [],
    );
    const [wholes, singles] = await Promise.all([
      Promise.all(days.map(({ whole }) => whole)),
      memory.hours(of, single),
    ]);
    const packedOf = new Map(single.map(({ hour }, i) => [hour, singles[i]!]));
    for (const [i, { hoursOfDay }] of days.entries()) {
      const whole = wholes[i];
      if (whole !== undefined) for (const hour of hoursOfDay) packedOf.set(hour, whole);
    }
    return new Map(hours.flatMap((hour) => hourIn(packedOf.get(hour), hour)));
  }

  return {
    ...metrics,
    profile: async (window) => {
      const days = await packedDays(window);
      return days === undefined ? metrics.profile(window) : profileWithin(days, window);
    },
    profileBlocks: async (window) => {
      const days = await packedDays(window);
      if (days === undefined) return metrics.profileBlocks(window);
      return dayStretches(window).map((stretch) => ({ ...stretch, profile: profileWithin(days, wholeHours(stretch)) }));
    },
    profilesOfHours: async (query) => (await packedHours(query)) ?? metrics.profilesOfHours(query),
    hourlyPerformance: async (window) => {
      const stamps = await stampsOf(window);
      if (stamps === undefined) return metrics.hourlyPerformance(window);
      const days = await memory.performance(window, stampedDays(window, stamps));
      const isWanted = isWithin(window);
      return days.flat().filter(({ hour }) => isWanted(hour));
    },
  };
}

function stampOfDay(held: readonly DayChanges[], day: Instant): string | undefined {
  const stamps = held.map((each) => stampOf(each, day));
  return stamps.every((stamp) => stamp === untouched) ? undefined : stamps.join(' ');
}

/** The days that overlap the window and have anything. */
function stampedDays({ from, to }: Stretch, stamps: StampOfDay): readonly StampedDay[] {
  const first = Math.floor(toMillis(from) / dayMillis);
  const count = Math.max(0, Math.ceil(toMillis(to) / dayMillis) - first);
  return Array.from({ length: count }, (_, i) => toInstant((first + i) * dayMillis)).flatMap((day) => {
    const stamp = stamps(day);
    return stamp === undefined ? [] : [{ day, stamp }];
  });
}

/** Hours that overlap [from, to). */
function isWithin({ from, to }: Stretch): (hour: string) => boolean {
  const [first, last] = [hourOf(from), hourOf(toInstant(toMillis(to) - 1))];
  return (hour) => hour >= first && hour <= last;
}

/** An hour belongs to the stretch that it begins in. */
function wholeHours({ from, to }: Stretch): Stretch {
  return { from: toInstant(Math.ceil(toMillis(from) / hourMillis) * hourMillis), to };
}

function profileWithin(days: readonly PackedHours[], stretch: Stretch): Profile {
  const isWanted = isWithin(stretch);
  return profileOfPacked(days.map((packed) => ({ packed, isWanted })));
}

/** Nothing of an hour without a prediction. */
function hourIn(packed: PackedHours | undefined, hour: string): readonly (readonly [string, Profile])[] {
  const profile = packed && profileOfHour(packed, hour);
  return profile !== undefined && profile.n > 0 ? [[hour, profile]] : [];
}
