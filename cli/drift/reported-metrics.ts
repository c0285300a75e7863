import type { UndefinedStatistic } from '../../shared/domain/health/undefined-statistic.ts';

/** What a metric says, or why it says nothing. */
export type Metric = { readonly value: unknown } | { readonly value: null; readonly reason: string };

/** A statistic under the names of the report; an undefined one stays what it is. */
export function named<S extends { readonly value: number }>(
  statistic: S | UndefinedStatistic,
  shape: (statistic: S) => unknown,
): Metric {
  return isUndefined(statistic) ? { value: null, reason: statistic.reason } : { value: shape(statistic) };
}

function isUndefined<S extends { readonly value: number }>(
  statistic: S | UndefinedStatistic,
): statistic is UndefinedStatistic {
  return statistic.value === null;
}

/** Every metric by its name, null where it does not apply, and then the reason under `reasons`. */
export function reportedMetrics(metrics: Readonly<Record<string, Metric>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(metrics);
  const reasons = entries.flatMap(([name, metric]) => ('reason' in metric ? [[name, metric.reason]] : []));
  return {
    ...Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    ...(reasons.length === 0 ? {} : { reasons: Object.fromEntries(reasons) }),
  };
}
