import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import { blockJackknife } from '../health/block-jackknife.ts';
import type { TaskType } from '../registry/schemas.ts';
import { dayMillis, hourMillis, minuteMillis, toInstant, toMillis } from '../time.ts';
import type { Performance } from './aggregates.ts';
import { mergePerformance } from './performance.ts';
import { binaryMetricsOf, regressionMetricsOf } from './performance-metrics.ts';
import { type PointFacts, trustOf } from './performance-point.ts';
import { layerOf, type PerformanceSpan } from './performance-span.ts';
import { labelsOf } from './provenance.ts';
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

type SeriesFacts = PointFacts & {
  readonly version: number;
  /** Hours, or days where those are too many. */
  readonly spans: readonly PerformanceSpan[];
  readonly window: Window;
  readonly step: SeriesStep;
};

/**
 * Points of one version, ascending; steps without a prediction are left out. The interval of a day is that of its hours
 * as blocks, and hours of one day are alike: it tells noise from change within the day, not between days.
 */
export function seriesOf({ version, spans, window, step, ...facts }: SeriesFacts) {
  const width = step === 'hour' ? '1h' : '1d';
  return groupByWidth(spans, window, width, (span) => toInstant(span.from)).map(({ from, to, items }) => {
    const { performance, counts } = labelsOf(items, facts.type, facts);
    const { coverage, served: _, ...trust } = trustOf(items, facts);
    const { closed, attributed, coverageRatio, labelledRatio, expectedRatio } = coverage;
    const layer = layerOf(items);
    return {
      from,
      to,
      version,
      ...trust,
      closed,
      attributed,
      coverageRatio,
      labelledRatio,
      expectedRatio,
      provenance: counts,
      ...(layer && { layer }),
      value: performance === undefined ? null : leadingValue(performance),
      ...intervalOf(items.flatMap((item) => labelsOf([item], facts.type, facts).performance ?? [])),
      matured: toMillis(to) + facts.type.attributionWindowMinutes * minuteMillis <= facts.now,
    };
  });
}

function intervalOf(blocks: readonly Performance[]): { readonly interval?: { low: number; high: number } } {
  const test = blockJackknife({ blocks, merge: mergePerformance, statistic: leadingValue, alternative: 'two-sided' });
  if (test.value === null) return {};
  const reach = studentQuantile(upperQuantile, test.blocks - 1) * test.standardError;
  return { interval: { low: test.value - reach, high: test.value + reach } };
}
