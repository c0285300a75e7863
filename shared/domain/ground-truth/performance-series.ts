import t from '@stdlib/stats-base-dists-t';
import { blockJackknife } from '../health/block-jackknife.ts';
import type { TaskType } from '../registry/schemas.ts';
import { dayMillis, hourMillis, hourStart, type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';
import type { HourlyPerformance, Performance } from './aggregates.ts';
import { coverageOf } from './coverage.ts';
import { mergeAllPerformance, mergePerformance } from './performance.ts';
import { binaryMetricsOf, regressionMetricsOf } from './performance-metrics.ts';
import { groupByWidth, type Window } from './time-series.ts';

export type SeriesStep = 'hour' | 'day';

const stepMillis: Readonly<Record<SeriesStep, number>> = { hour: hourMillis, day: dayMillis };
/** Two-sided, 95 %. */
const upperQuantile = 0.975;

/** The one figure by which a model of this kind is followed over time. */
export function leadingMetric(taskType: TaskType) {
  return taskType === 'binary'
    ? ({ metric: 'logLossSkill', betterIs: 'higher' } as const)
    : ({ metric: 'rmse', betterIs: 'lower' } as const);
}

/** null where the rows do not define it. */
export function leadingValue(performance: Performance): number | null {
  return performance.kind === 'binary'
    ? binaryMetricsOf(performance).values.logLossSkill
    : regressionMetricsOf(performance).values.rmse;
}

/** The window from the start of its first step to the end of its last. */
export function wholeSteps({ from, to }: Window, step: SeriesStep): Window {
  const width = stepMillis[step];
  return {
    from: toInstant(Math.floor(toMillis(from) / width) * width),
    to: toInstant(Math.ceil(toMillis(to) / width) * width),
  };
}

type SeriesFacts = {
  readonly version: number;
  readonly hours: readonly HourlyPerformance[];
  readonly window: Window;
  readonly step: SeriesStep;
  readonly attributionWindowMinutes: number;
  readonly now: Instant;
};

/**
 * Points of one version, ascending; steps without a prediction are left out. The interval of a day is that of its hours
 * as blocks, and hours of one day are alike: it tells noise from change within the day, not between days.
 */
export function seriesOf(facts: SeriesFacts) {
  const { version, hours, window, step, attributionWindowMinutes, now } = facts;
  const width = step === 'hour' ? '1h' : '1d';
  return groupByWidth(hours, window, width, ({ hour }) => hourStart(hour)).map(({ from, to, items }) => {
    const blocks = items.flatMap(({ performance }) => performance ?? []);
    const performance = mergeAllPerformance(blocks);
    const { predictions, closed, attributed, coverageRatio } = coverageOf(items, attributionWindowMinutes, now);
    return {
      from,
      to,
      version,
      predictions,
      closed,
      attributed,
      coverageRatio,
      value: performance === undefined ? null : leadingValue(performance),
      ...intervalOf(blocks),
      matured: toMillis(to) + attributionWindowMinutes * minuteMillis <= toMillis(now),
      labels: 'exact' as const,
    };
  });
}

function intervalOf(blocks: readonly Performance[]): { readonly interval?: { low: number; high: number } } {
  const test = blockJackknife({ blocks, merge: mergePerformance, statistic: leadingValue, alternative: 'two-sided' });
  if (test.value === null) return {};
  const reach = t.quantile(upperQuantile, test.blocks - 1) * test.standardError;
  return { interval: { low: test.value - reach, high: test.value + reach } };
}
