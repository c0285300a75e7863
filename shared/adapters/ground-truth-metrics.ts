import {
  type AggregateKind,
  decodeArm,
  decodePaired,
  decodePerformance,
  decodePerformanceHour,
  decodeProfile,
} from '../domain/ground-truth/aggregate-codec.ts';
import { withArmsOfUnits } from '../domain/ground-truth/arms-of-units.ts';
import { dayStretches } from '../domain/ground-truth/day-stretches.ts';
import { mergeDays, mergeFiveMinutes, mergeHours, mergePairedHours } from '../domain/ground-truth/merge-window.ts';
import { mergeAllProfiles } from '../domain/ground-truth/profile.ts';
import { armKey } from '../domain/ground-truth/unit-arms.ts';
import { versionsKey } from '../domain/ground-truth/versions-key.ts';
import { hourMillis, hourStart, type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { GroundTruthMetrics, MetricWindow } from '../ports/ground-truth-metrics.ts';

export type AggregateQuery = {
  readonly modelId: string;
  readonly kind: AggregateKind;
  /** `versionsKey`, `older#newer` or `armKey`. */
  readonly versions: string;
  /** Hours that overlap [from, to). */
  readonly from: Instant;
  readonly to: Instant;
};

/** Every bucket's aggregates, ascending by hour. */
export type ReadAggregates = (
  query: AggregateQuery,
) => Promise<readonly { readonly hour: string; readonly data: Uint8Array }[]>;

/** The port over any store of encoded aggregates: decoding and merging are the same everywhere. */
export function groundTruthMetricsOver(read: ReadAggregates): GroundTruthMetrics {
  const readAll = async <T>(query: AggregateQuery, decode: (data: Uint8Array) => T) =>
    (await read(query)).map(({ hour, data }) => ({ hour, value: decode(data) }));
  const points = (window: MetricWindow, decode: typeof decodePerformance) =>
    readAll({ ...window, kind: 'performance', versions: versionsKey(window) }, decode);
  const hours = async (window: MetricWindow) => mergeHours(await points(window, decodePerformanceHour));
  const profiles = ({ version, ...window }: MetricWindow) =>
    readAll({ ...window, kind: 'profile', versions: String(version) }, decodeProfile);
  return {
    profile: async (window) => mergeAllProfiles((await profiles(window)).map(({ value }) => value)),
    profileBlocks: async (window) => {
      const stored = await profiles(window);
      return dayStretches(window).map((stretch) => {
        const within = stored.filter(({ hour }) => isWithin(hourStart(hour), stretch));
        return { ...stretch, profile: mergeAllProfiles(within.map(({ value }) => value)) };
      });
    },
    profilesOfHours: async ({ modelId, version, hours: wanted }) => {
      const query = { modelId, kind: 'profile', versions: String(version) } as const;
      const stored = await Promise.all(wanted.map((hour) => read({ ...query, ...boundsOf(hour) })));
      return new Map(
        stored.flatMap((ofHour, i) =>
          ofHour.length === 0 ? [] : [[wanted[i]!, mergeAllProfiles(ofHour.map(({ data }) => decodeProfile(data)))]],
        ),
      );
    },
    hourlyPerformance: hours,
    dailyPerformance: async (window) => mergeDays(await hours(window)),
    fiveMinutePerformance: async (window) => mergeFiveMinutes(await points(window, decodePerformance), window),
    hourlyPaired: async ({ older, newer, units, ...window }) => {
      const arm = async (modelVersion: number) =>
        units === undefined
          ? []
          : readAll({ ...window, kind: 'arm', versions: armKey({ ...units, modelVersion }) }, decodeArm);
      const [pairs, olderArm, newerArm] = await Promise.all([
        readAll({ ...window, kind: 'paired', versions: `${older}#${newer}` }, decodePaired),
        arm(older),
        arm(newer),
      ]);
      const paired = mergePairedHours(pairs);
      return units === undefined ? paired : withArmsOfUnits(paired, { older: olderArm, newer: newerArm });
    },
  };
}

function boundsOf(hour: string): { readonly from: Instant; readonly to: Instant } {
  const from = hourStart(hour);
  return { from, to: toInstant(toMillis(from) + hourMillis) };
}

function isWithin(instant: Instant, { from, to }: { readonly from: Instant; readonly to: Instant }): boolean {
  return instant >= from && instant < to;
}
