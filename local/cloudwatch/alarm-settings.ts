import * as z from 'zod';
import { parseProperties } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import { type AlarmRule, evaluationRange } from './judge-alarm.ts';
import { isMeasured } from './measured-metrics.ts';
import { compileMetricMath } from './metric-math.ts';
import { type MetricId, metricKey, type Watched } from './metric-store.ts';

/** A metric over one period. */
export type Series = { readonly key: string; readonly statistic: string };

export type MetricAlarm = AlarmRule & {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly periodMilliseconds: number;
  readonly series: readonly Series[];
  /** The data point of a period from those of the series, in their order; undefined when it is missing. */
  readonly pointOf: (points: readonly (number | undefined)[]) => number | undefined;
  readonly isBreaching: (value: number) => boolean;
  /** Words for the threshold, e.g. `>= 3`. */
  readonly limit: string;
  readonly actions: AlarmActions;
  /** Why this alarm can say nothing here. */
  readonly cannotEvaluate?: string;
};

/** Targets by the state that calls them. */
export type AlarmActions = Readonly<Record<'OK' | 'ALARM' | 'INSUFFICIENT_DATA', readonly string[]>>;

const dimensionsSchema = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const metricFields = { Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsSchema };
const statSchema = z.object({ Metric: z.object(metricFields), Period: z.number(), Stat: z.string() });
const querySchema = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: statSchema.optional(),
  ReturnData: z.boolean().default(true),
});
const actionsSchema = z.array(z.string()).default([]);

export const alarmFields = {
  AlarmDescription: z.string().default(''),
  AlarmActions: actionsSchema,
  OKActions: actionsSchema,
  InsufficientDataActions: actionsSchema,
};

const comparisons = {
  GreaterThanOrEqualToThreshold: ['>=', (value: number, threshold: number) => value >= threshold],
  GreaterThanThreshold: ['>', (value: number, threshold: number) => value > threshold],
  LessThanOrEqualToThreshold: ['<=', (value: number, threshold: number) => value <= threshold],
  LessThanThreshold: ['<', (value: number, threshold: number) => value < threshold],
} as const;

const alarmProperties = z.object({
  ...alarmFields,
  ComparisonOperator: z.enum(Object.keys(comparisons) as (keyof typeof comparisons)[]),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensionsSchema,
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.number().optional(),
  Metrics: z.array(querySchema).default([]),
});
type AlarmProperties = z.infer<typeof alarmProperties>;
type Query = { readonly id: string; readonly metric: MetricId; readonly period: number; readonly statistic: string };

/** Reads an `AWS::CloudWatch::Alarm`. Throws an Error naming the alarm and what in it is no alarm of CloudWatch's. */
export function readAlarm(resource: ResolvedResource): MetricAlarm {
  const properties = parseProperties(resource, alarmProperties);
  const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = properties;
  const [sign, compare] = comparisons[ComparisonOperator];
  const queries = queriesOf(properties);
  const series = queries.map(({ metric, statistic }) => ({ key: metricKey(metric), statistic }));
  return {
    name: resource.physicalName,
    arn: resource.arn,
    description: properties.AlarmDescription,
    periodMilliseconds: (queries[0]?.period ?? 60) * 1_000,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: DatapointsToAlarm ?? EvaluationPeriods,
    missing: TreatMissingData,
    series,
    isBreaching: (value) => compare(value, Threshold),
    limit: `${sign} ${Threshold}`,
    actions: actionsOf(properties),
    ...evaluable(properties, queries),
  };
}

export function actionsOf(properties: z.output<z.ZodObject<typeof alarmFields>>): AlarmActions {
  const { AlarmActions: ALARM, OKActions: OK, InsufficientDataActions: INSUFFICIENT_DATA } = properties;
  return { ALARM, OK, INSUFFICIENT_DATA };
}

function queriesOf(properties: AlarmProperties): readonly Query[] {
  const { Namespace, MetricName, Dimensions, Period = 60, Statistic, ExtendedStatistic, Metrics } = properties;
  if (Namespace !== undefined && MetricName !== undefined) {
    const metric = { Namespace, MetricName, Dimensions };
    return [query('metric', metric, Period, Statistic ?? ExtendedStatistic ?? 'Average')];
  }
  return Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [query(Id, MetricStat.Metric, MetricStat.Period, MetricStat.Stat)],
  );
}

type WireMetric = z.output<z.ZodObject<typeof metricFields>>;

function query(id: string, metric: WireMetric, period: number, statistic: string): Query {
  const { Namespace, MetricName, Dimensions } = metric;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { id, metric: { namespace: Namespace, name: MetricName, dimensions }, period, statistic };
}

function evaluable(
  { Metrics, EvaluationPeriods }: AlarmProperties,
  queries: readonly Query[],
): Pick<MetricAlarm, 'pointOf' | 'cannotEvaluate'> {
  const unmeasured = queries.filter(({ metric }) => !isMeasured(metric));
  const [returned] = Metrics.filter(({ ReturnData }) => ReturnData);
  const never = { pointOf: () => undefined };
  try {
    if (unmeasured.length > 0) {
      const names = unmeasured.map(({ metric }) => `${metric.namespace} ${metric.name}`);
      throw new Error(`not measured here: ${[...new Set(names)].join(', ')}`);
    }
    if (new Set(queries.map(({ period }) => period)).size !== 1) throw new Error('its metrics have several periods');
    const unknown = queries.find(
      ({ statistic }) => !/^(Sum|Average|Minimum|Maximum|SampleCount|p\d+(\.\d+)?)$/.test(statistic),
    );
    if (unknown !== undefined) throw new Error(`statistic ${unknown.statistic} is not emulated`);
    if (EvaluationPeriods < 1) throw new Error('it has no evaluation period');
    if (returned?.Expression === undefined) return { pointOf: ([point]) => point };
    const math = compileMetricMath(returned.Expression);
    const indexById = new Map(queries.map(({ id }, index) => [id, index]));
    return { pointOf: (points) => math((id) => points[indexById.get(id) ?? -1]) };
  } catch (error) {
    return { ...never, cannotEvaluate: error instanceof Error ? error.message : String(error) };
  }
}

/** What has to be kept of each metric, for alarms to be evaluated. */
export function watchedMetrics(alarms: readonly MetricAlarm[]): ReadonlyMap<string, Watched> {
  const watched = new Map<string, Watched>();
  for (const alarm of alarms) {
    const lookbackMilliseconds = (evaluationRange(alarm) + 1) * alarm.periodMilliseconds;
    for (const { key, statistic } of alarm.series) {
      const known = watched.get(key);
      watched.set(key, {
        lookbackMilliseconds: Math.max(lookbackMilliseconds, known?.lookbackMilliseconds ?? 0),
        needsValues: statistic.startsWith('p') || known?.needsValues === true,
      });
    }
  }
  return watched;
}
