import type { HourlyPerformance, Performance } from '../../ground-truth/aggregates.ts';
import { mergeForJudging } from '../../ground-truth/performance.ts';
import type { Policy } from '../../registry/policy.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../../time.ts';
import { type PerformanceTest, performanceTests } from '../performance-tests.ts';

/** A stretch in which a model really was worse than its policy allows. */
export type Degradation = {
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  readonly source: 'given' | 'hindsight';
  /** Metrics that were past their limits. */
  readonly metrics: readonly string[];
};

/** A stretch may have one good day within; a bad day alone among good ones is weather. */
const allowedGapDays = 1;

type Day = { readonly start: number; readonly performance: Performance | undefined };

/**
 * When realized performance was past the policy's limits, as all outcomes known by now tell it: UTC days that are past a
 * limit, and with the day before and after them too, joined to stretches. Hindsight needs no evidence test: nothing is
 * decided on it.
 */
export function degradationsInHindsight(input: {
  readonly policy: Policy;
  readonly baseline: Performance | undefined;
  /** Ascending. */
  readonly hours: readonly HourlyPerformance[];
}): readonly Degradation[] {
  const days = daysOf(input.hours);
  const past = (performance: Performance | undefined) =>
    performance === undefined ? [] : metricsPastLimit(input.policy, performance, input.baseline);
  const stretches: { start: number; end: number; metrics: Set<string> }[] = [];
  for (const [i, { start, performance }] of days.entries()) {
    const around = mergeForJudging(days.slice(Math.max(0, i - 1), i + 2).flatMap((day) => day.performance ?? []));
    const pooled = new Set(past(around));
    const metrics = past(performance).filter((name) => pooled.has(name));
    if (metrics.length === 0) continue;
    const last = stretches.at(-1);
    if (last !== undefined && start - last.end <= allowedGapDays * dayMillis) {
      last.end = start + dayMillis;
      for (const name of metrics) last.metrics.add(name);
    } else stretches.push({ start, end: start + dayMillis, metrics: new Set(metrics) });
  }
  return stretches.map(({ start, end, metrics }) => ({
    from: toInstant(start),
    to: toInstant(end),
    source: 'hindsight',
    metrics: [...metrics],
  }));
}

function daysOf(hours: readonly HourlyPerformance[]): readonly Day[] {
  return [...Map.groupBy(hours, ({ hour }) => hour.slice(0, 10))].map(([day, members]) => ({
    start: toMillis(`${day}T00:00:00.000Z`),
    performance: mergeForJudging(members.flatMap(({ performance }) => performance ?? [])),
  }));
}

function metricsPastLimit(policy: Policy, performance: Performance, baseline: Performance | undefined) {
  return performanceTests(policy, performance, baseline)
    .filter((test) => isPastLimit(test, performance))
    .map(({ name }) => name);
}

function isPastLimit({ metric, comparison }: PerformanceTest, performance: Performance): boolean {
  const value = metric(performance);
  if (value === null || comparison === undefined) return false;
  const shift = comparison.shift(value);
  return (comparison.alternative === 'greater' ? shift : Math.abs(shift)) >= comparison.limit;
}
