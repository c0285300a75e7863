import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricDefinition, type MetricName, metrics, metricsNamespace } from '../../shared/names.ts';

export interface RunwayMetricProps {
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum' | 'SampleCount';
  readonly period: Duration;
  /** Of a metric that is kept by tier, which one. */
  readonly tier?: 1 | 2 | 3 | 4;
}

/** A figure that functions emit. Throws an Error when a tier is missing or too many. */
export function runwayMetric(name: MetricName, { statistic, period, tier }: RunwayMetricProps): Metric {
  const { service, by }: MetricDefinition = metrics[name];
  if ((by === 'tier') !== (tier !== undefined)) throw new Error(`metric ${name}: expected ${by ?? 'no'} tier`);
  const dimensionsMap = { service, ...(tier !== undefined && { tier: String(tier) }) };
  return new Metric({ namespace: metricsNamespace, metricName: name, dimensionsMap, statistic, period });
}

/** One series for each tier, by `tier1` … `tier4`. */
export function allTiers(name: MetricName, props: Omit<RunwayMetricProps, 'tier'>): Readonly<Record<string, Metric>> {
  const tiers = [1, 2, 3, 4] as const;
  return Object.fromEntries(tiers.map((tier) => [`tier${tier}`, runwayMetric(name, { ...props, tier })]));
}
