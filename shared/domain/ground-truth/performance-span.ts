import { dayMillis, hourMillis, hourStart, minuteMillis, toMillis } from '../time.ts';
import type {
  Coverage,
  DailyPerformance,
  FiveMinutePerformance,
  HourlyPerformance,
  Layer,
  Performance,
  PerformanceExtras,
} from './aggregates.ts';
import { coverageOfSpans } from './coverage.ts';
import type { LabelCohort } from './label-delay-model.ts';
import type { CountedCohort } from './label-maturity.ts';
import type { OutcomeType } from './outcome-types.ts';
import { totalCount } from './sparse-counts.ts';

/** Predictions of a stretch of time and what is known of them, whatever its width. Milliseconds since the epoch. */
export type PerformanceSpan = PerformanceExtras & {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly predictions: number;
  readonly performance?: Performance;
  readonly layer?: Layer;
};

export function spanOfFiveMinutes({ from, ...point }: FiveMinutePerformance): PerformanceSpan {
  return { ...point, from: toMillis(from), to: toMillis(from) + 5 * minuteMillis };
}

export function spanOfHour({ hour, ...figures }: HourlyPerformance): PerformanceSpan {
  const from = toMillis(hourStart(hour));
  return { ...figures, from, to: from + hourMillis };
}

/** All of the day, also where only part of it was asked for: it closes with its last hour. */
export function spanOfDay({ day, ...figures }: DailyPerformance): PerformanceSpan {
  const from = toMillis(`${day}T00:00:00.000Z`);
  return { ...figures, from, to: from + dayMillis };
}

/** Whether the attribution window of each of its predictions is over. */
export function isClosed(
  { to }: PerformanceSpan,
  { attributionWindowMinutes }: Pick<OutcomeType, 'attributionWindowMinutes'>,
  now: number,
): boolean {
  return to + attributionWindowMinutes * minuteMillis <= now;
}

export function cohortOf({ from, to, predictions, performance }: PerformanceSpan): CountedCohort {
  return { from, to, predictions, attributed: performance?.n ?? 0 };
}

/** Undefined where labels came whose delays were not kept. */
export function labelCohortOf({ from, to, predictions, performance, delays = {} }: PerformanceSpan) {
  const cohort: LabelCohort = { from, to, predictions, delays };
  return totalCount(delays) < (performance?.n ?? 0) ? undefined : cohort;
}

/** Where only positives are recorded nothing is missing: its ratio is null, and the rate of records is watched instead. */
export function coverageOfType(spans: readonly PerformanceSpan[], type: OutcomeType, now: number): Coverage {
  const coverage = coverageOfSpans(spans.map(cohortOf), now - type.attributionWindowMinutes * minuteMillis);
  return type.imputedLabel === undefined ? coverage : { ...coverage, coverageRatio: null };
}

/** Of which layer all are; `mixed` for both, undefined for none. */
export function layerOf(spans: readonly PerformanceSpan[]): Layer | 'mixed' | undefined {
  const layers = new Set(spans.flatMap(({ layer }) => layer ?? []));
  return layers.size > 1 ? 'mixed' : [...layers][0];
}
