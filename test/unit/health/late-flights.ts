import type { HourlyPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import { dayStretches } from '../../../shared/domain/ground-truth/day-stretches.ts';
import { mergeDays } from '../../../shared/domain/ground-truth/merge-window.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { addToProfile, emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { type ProfileWindow, profileWindow } from '../../../shared/domain/health/profile-window.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/registry/policy.ts';
import { type ModelDefinition, modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { dayMillis, hourMillis, hourOf, type Instant, toInstant, toMillis } from '../../../shared/domain/time.ts';
import type { GroundTruthMetrics, MetricWindow } from '../../../shared/ports/ground-truth-metrics.ts';

/** A model that says 40 % or 5 % late, on flights whose truth can be chosen. Nothing is drawn at random. */
export const definition: ModelDefinition = modelDefinitionSchema.parse({
  name: 'late-test',
  domain: 'flights',
  team: 'flights',
  tier: 3,
  taskType: 'binary',
  features: [
    { name: 'lateRate', type: 'numeric', importance: 1 },
    { name: 'origin', type: 'categorical', importance: 0.5 },
  ],
  attributionWindowMinutes: 120,
});
export const modelId = definition.name;

/** Thresholds of the tier, with parts replaced. */
export function policyWith(change: (policy: Policy) => Partial<Policy> = () => ({})): Policy {
  const policy = defaultPolicy(3);
  return { ...policy, ...change(policy) };
}

export function signalsWith(change: (signals: Policy['signals']) => Partial<Policy['signals']>): Policy {
  return policyWith(({ signals }) => ({ signals: { ...signals, ...change(signals) } }));
}

export type Weather = {
  /** How often a flight is late that was scored 0.4; one scored 0.05 an eighth as often. @default 0.4 */
  readonly lateRatio?: number;
  /** Added to the feature, whose values are spread over 0..1. @default 0 */
  readonly shift?: number;
  /** Every flight comes from here. @default three airports in turn */
  readonly origin?: string;
  /** The feature is null in this share of the flights. @default 0 */
  readonly missingRatio?: number;
};

/** `count` flights from number `first` on; `luck` (-1..1) is the day's. */
export function flights(count: number, weather: Weather = {}, first = 0, luck = 0): readonly ReferenceRow[] {
  const { lateRatio = 0.4, shift = 0, origin, missingRatio = 0 } = weather;
  return Array.from({ length: count }, (_, index) => {
    const i = first + index;
    const isRisky = i % 2 === 0;
    // The golden ratio spreads any number of points evenly.
    const spread = (i * 0.618033988749895) % 1;
    const late = (isRisky ? lateRatio : lateRatio / 8) * (1 + 0.05 * luck);
    return {
      features: {
        lateRate: (i % 100) / 100 < missingRatio ? null : spread + shift,
        origin: origin ?? ['JFK', 'ORD', 'LAX'][i % 3]!,
      },
      score: isRisky ? 0.4 : 0.05,
      label: (Math.floor(i / 2) * 0.618033988749895) % 1 < late ? 1 : 0,
    };
  });
}

/** Of three weeks like those the model was trained on, or of rows that do not say when they were. */
export function baselineOf(version = 1, weather: Weather = {}, time: 'timed' | 'timeless' = 'timed'): Baseline {
  const rows = flights(4_200, weather);
  const start = toMillis('2001-01-01T00:00:00.000Z');
  return buildBaseline({
    modelId,
    version,
    taskType: 'binary',
    features: definition.features,
    rows:
      time === 'timeless'
        ? rows
        : rows.map((row, i) => ({ ...row, predictedAtMillis: start + (i * (21 * dayMillis)) / 4_200 })),
    from: '2001-01-01T00:00:00.000Z',
    to: '2001-01-22T00:00:00.000Z',
  });
}

/** Rows that came evenly over so many days. */
export function windowOf(rows: readonly ReferenceRow[], baseline: Baseline = baselineOf(), days = 8): ProfileWindow {
  const end = toMillis('2001-02-08T00:00:00.000Z');
  const blocks = Array.from({ length: days }, (_, i) => ({
    from: toInstant(end - (days - i) * dayMillis),
    to: toInstant(end - (days - i - 1) * dayMillis),
    profile: addToProfile(
      emptyProfile,
      baseline,
      rows.slice(Math.floor((i * rows.length) / days), Math.floor(((i + 1) * rows.length) / days)),
    ),
  }));
  return profileWindow(blocks, { from: toInstant(end - days * dayMillis), to: toInstant(end) });
}

export type RecordedHour = {
  readonly at: Instant;
  readonly version?: number;
  readonly rows: readonly ReferenceRow[];
  /** Share of the outcomes that have come. @default 1 */
  readonly coverageRatio?: number;
};

/** One entry per hour from `from` until `to`, 40 flights each, with a little luck by day. */
export function hoursOf(from: Instant, to: Instant, weather: Weather = {}, more: Partial<RecordedHour> = {}) {
  const hours: RecordedHour[] = [];
  for (let at = toMillis(from); at < toMillis(to); at += hourMillis) {
    const luck = (Math.floor(at / (24 * hourMillis)) % 3) - 1;
    hours.push({ at: toInstant(at), rows: flights(40, weather, (at / hourMillis) * 40, luck), ...more });
  }
  return hours;
}

export function performanceByHour(hours: readonly RecordedHour[]): readonly HourlyPerformance[] {
  return hours.map(({ at, rows, coverageRatio = 1 }) => {
    const attributed = rows.slice(0, Math.round(rows.length * coverageRatio));
    const scored = attributed.flatMap(({ score, label }) => (label === undefined ? [] : [{ score, label }]));
    const performance = scored.length === 0 ? {} : { performance: performanceOf('binary', scored) };
    return { hour: hourOf(at), predictions: rows.length, ...performance };
  });
}

/** Ground truth as it was recorded; `hours` may grow between evaluations. */
export function recordedMetrics(hours: readonly RecordedHour[], baselines: readonly Baseline[]): GroundTruthMetrics {
  const within = ({ version, from, to }: MetricWindow) =>
    hours.filter((hour) => (hour.version ?? 1) === version && hour.at >= from && hour.at < to);
  const profile = (window: MetricWindow) => {
    const baseline = baselines.find(({ version }) => version === window.version);
    const rows = within(window).flatMap((hour) => hour.rows);
    return baseline === undefined ? { ...emptyProfile, n: rows.length } : addToProfile(emptyProfile, baseline, rows);
  };
  return {
    profile: async (window) => profile(window),
    profileBlocks: async (window) =>
      dayStretches(window).map((stretch) => ({ ...stretch, profile: profile({ ...window, ...stretch }) })),
    profilesOfHours: async ({ version, hours: wanted }) => {
      const baseline = baselines.find((each) => each.version === version);
      const held = hours.filter((hour) => (hour.version ?? 1) === version && wanted.includes(hourOf(hour.at)));
      const profiles = [...Map.groupBy(held, ({ at }) => hourOf(at))].map(([hour, parts]) => {
        const rows = parts.flatMap((part) => part.rows);
        const profile = { ...emptyProfile, n: rows.length };
        return [hour, baseline === undefined ? profile : addToProfile(emptyProfile, baseline, rows)] as const;
      });
      return new Map(profiles);
    },
    hourlyPerformance: async (window) => performanceByHour(within(window)),
    fiveMinutePerformance: async () => [],
    dailyPerformance: async (window) => mergeDays(performanceByHour(within(window))),
    hourlyPaired: async () => [],
  };
}
