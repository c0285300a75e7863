import { groundTruthMetricsOver } from '../../shared/adapters/ground-truth-metrics.ts';
import { encodeProfile } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import type { HourlyPerformance, Performance } from '../../shared/domain/ground-truth/aggregates.ts';
import { mergeAllPerformance } from '../../shared/domain/ground-truth/performance.ts';
import {
  createPerformanceAccumulator,
  type PerformanceAccumulator,
} from '../../shared/domain/ground-truth/performance-accumulator.ts';
import { emptyProfile } from '../../shared/domain/ground-truth/profile.ts';
import {
  createProfileAccumulator,
  type ProfileAccumulator,
} from '../../shared/domain/ground-truth/profile-accumulator.ts';
import type { Baseline } from '../../shared/domain/health/baseline.ts';
import { hourMillis, hourOf, type Instant, toInstant, toMillis } from '../../shared/domain/time.ts';
import type { GroundTruthMetrics } from '../../shared/ports/ground-truth-metrics.ts';
import type { ScoredRow } from './scored-rows.ts';

/** Predictions and their outcomes by the hour, as they were known at any moment. */
export type FileHistory = {
  readonly rows: number;
  /** Starts of the first hour and of the hour after the last, in milliseconds. */
  readonly from: number;
  readonly to: number;
  /** What a service would have known at the start of an hour. */
  metricsAsOf(millis: number): GroundTruthMetrics;
  /** With all outcomes of the file, ascending. */
  hours(): readonly HourlyPerformance[];
};

type Hour = {
  readonly profile: ProfileAccumulator;
  predictions: number;
  /** By the first hour at whose start the outcomes were known. */
  readonly known: Map<number, PerformanceAccumulator>;
};

type StoredHour = {
  readonly start: number;
  readonly data: Uint8Array;
  /** Ascending by when they were known. */
  readonly known: readonly { readonly at: number; readonly performance: Performance }[];
  /** With all its outcomes; one object for all moments that know them. */
  readonly settled: HourlyPerformance;
};

/**
 * Counts rows, in any order, into the hours of their predictions: memory grows with hours and columns, not with rows.
 * Outcomes later than the attribution window are left out, as the service does.
 */
export async function readFileHistory(
  rows: AsyncIterable<ScoredRow>,
  baseline: Baseline,
  attributionWindowMillis: number,
): Promise<FileHistory> {
  const byStart = new Map<number, Hour>();
  let count = 0;
  for await (const row of rows) {
    const start = Math.floor(row.predictedAtMillis / hourMillis) * hourMillis;
    let hour = byStart.get(start);
    if (hour === undefined) {
      hour = { profile: createProfileAccumulator(baseline), predictions: 0, known: new Map() };
      byStart.set(start, hour);
    }
    count += 1;
    hour.predictions += 1;
    hour.profile.add(row);
    addOutcome(hour, row, baseline, attributionWindowMillis);
  }
  const starts = [...byStart.keys()].sort((a, b) => a - b);
  const stored = starts.map((start) => storedHour(start, byStart.get(start)!));
  return { rows: count, from: starts[0]!, to: starts.at(-1)! + hourMillis, ...readings(stored) };
}

function addOutcome(hour: Hour, row: ScoredRow, { taskType }: Baseline, attributionWindowMillis: number): void {
  const { label, score, predictedAtMillis, labelledAtMillis = predictedAtMillis } = row;
  if (label === undefined || labelledAtMillis - predictedAtMillis > attributionWindowMillis) return;
  const at = Math.ceil(Math.max(labelledAtMillis, predictedAtMillis) / hourMillis) * hourMillis;
  const sums = hour.known.get(at) ?? createPerformanceAccumulator(taskType);
  hour.known.set(at, sums);
  sums.add({ score, label });
}

function storedHour(start: number, { profile, predictions, known }: Hour): StoredHour {
  const ordered = [...known].map(([at, sums]) => ({ at, performance: sums.performance() })).sort((a, b) => a.at - b.at);
  return {
    start,
    data: encodeProfile(profile.addedTo(emptyProfile)),
    known: ordered,
    settled: performanceOf(start, predictions, ordered),
  };
}

function performanceOf(start: number, predictions: number, known: StoredHour['known']): HourlyPerformance {
  const parts = known.map(({ performance }) => performance);
  // One part is kept once.
  const performance = parts.length === 1 ? parts[0] : mergeAllPerformance(parts);
  return { hour: hourOf(toInstant(start)), predictions, ...(performance && { performance }) };
}

function readings(stored: readonly StoredHour[]): Pick<FileHistory, 'metricsAsOf' | 'hours'> {
  const byStart = new Map(stored.map((hour) => [hour.start, hour]));
  const within = ({ from, to }: { readonly from: Instant; readonly to: Instant }) => {
    const [first, end] = [toMillis(from), toMillis(to)];
    const starts = Array.from({ length: Math.max(0, (end - first) / hourMillis) }, (_, i) => first + i * hourMillis);
    return starts.flatMap((start) => byStart.get(start) ?? []);
  };
  const profiles = groundTruthMetricsOver(async ({ kind, ...window }) =>
    kind === 'profile' ? within(window).map(({ settled: { hour }, data }) => ({ hour, data })) : [],
  );
  return {
    metricsAsOf: (millis) => ({
      ...profiles,
      hourlyPerformance: async (window) => within(window).map((hour) => knownAt(hour, millis)),
    }),
    hours: () => stored.map(({ settled }) => settled),
  };
}

function knownAt({ start, known, settled }: StoredHour, millis: number): HourlyPerformance {
  const isPast = ({ at }: { readonly at: number }) => at <= millis;
  return known.every(isPast) ? settled : performanceOf(start, settled.predictions, known.filter(isPast));
}
