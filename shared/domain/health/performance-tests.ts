import type { BinaryPerformance, Performance } from '../ground-truth/aggregates.ts';
import {
  type BinaryMetricName,
  type BinaryMetrics,
  binaryMetricsOf,
  regressionMetricsOf,
} from '../ground-truth/performance-metrics.ts';
import type { Policy } from '../registry/policy.ts';
import { figure } from './figures.ts';

/** One way in which a model can have become worse, as the policy asks for it. */
export type PerformanceTest = {
  readonly name: 'auc' | 'logLossSkill' | 'calibrationBias' | 'rmse';
  /** null where the rows do not define it. */
  readonly metric: Metric;
  /** Of the baseline; null when it has no labels or does not define it. */
  readonly reference: number | null;
  /** Undefined when there is nothing to compare with. */
  readonly comparison: Comparison | undefined;
};

export type Comparison = {
  /** Distance of a metric from where it ought to be; positive is worse, or either sign when two-sided. */
  readonly shift: (metric: number) => number;
  readonly alternative: 'greater' | 'two-sided';
  /** Or against a figure that has no error of its own. */
  readonly isAgainstBaseline: boolean;
  /** Size of the shift that breaches. */
  readonly limit: number;
  /** `log-loss skill 0.02 is 0.07 below the baseline's 0.09 (limit 0.06` */
  readonly sentence: (metric: number) => string;
};

type Metric = (performance: Performance) => number | null;

/** The tests that the policy switches on for this kind of performance. */
export function performanceTests(
  policy: Policy,
  current: Performance,
  baseline: Performance | undefined,
): readonly PerformanceTest[] {
  const { aucDrop, logLossSkillDrop, calibrationBias, rmseIncreaseRatio } = policy.signals.performance;
  const test = (name: PerformanceTest['name'], limit: number | null, compare: Compare): readonly PerformanceTest[] => {
    if (limit === null) return [];
    const metric = metrics[name];
    const reference = baseline === undefined ? null : metric(baseline);
    return [{ name, metric, reference, comparison: compare(limit, reference) }];
  };
  if (current.kind === 'regression') return test('rmse', rmseIncreaseRatio, againstRmse);
  return [
    ...test('auc', aucDrop, againstDropOf('AUC')),
    ...test('logLossSkill', logLossSkillDrop, againstDropOf('log-loss skill')),
    ...test('calibrationBias', calibrationBias, againstBias),
  ];
}

const metrics: Readonly<Record<PerformanceTest['name'], Metric>> = {
  auc: binaryMetric('auc'),
  logLossSkill: binaryMetric('logLossSkill'),
  calibrationBias: binaryMetric('calibrationBias'),
  rmse: (performance) => (performance.kind === 'regression' ? regressionMetricsOf(performance).values.rmse : null),
};

// Each test asks for its own metric of the same days.
const known = new WeakMap<BinaryPerformance, BinaryMetrics['values']>();

function binaryMetric(name: BinaryMetricName): Metric {
  return (performance) => {
    if (performance.kind !== 'binary') return null;
    const values = known.get(performance) ?? binaryMetricsOf(performance).values;
    known.set(performance, values);
    return values[name];
  };
}

type Compare = (limit: number, reference: number | null) => Comparison | undefined;

function againstDropOf(label: string): Compare {
  return (limit, reference) => {
    if (reference === null) return undefined;
    const shift = (metric: number) => reference - metric;
    const side = (metric: number) => (shift(metric) < 0 ? 'above' : 'below');
    const sentence = (metric: number) =>
      `${label} ${figure(metric)} is ${figure(Math.abs(shift(metric)))} ${side(metric)} the baseline's ${figure(reference)} (limit ${limit}`;
    return { shift, alternative: 'greater', isAgainstBaseline: true, limit, sentence };
  };
}

/** Mean score against label rate. A calibrated model is at 0 whatever its baseline was, so 0 is what it is held to. */
function againstBias(limit: number): Comparison {
  const side = (metric: number) => (metric < 0 ? 'below' : 'above');
  const sentence = (metric: number) =>
    `mean score is ${figure(Math.abs(metric))} ${side(metric)} the label rate (limit ${limit}`;
  return { shift: (metric) => metric, alternative: 'two-sided', isAgainstBaseline: false, limit, sentence };
}

/** A baseline without any error has no relative increase. */
function againstRmse(limit: number, reference: number | null): Comparison | undefined {
  if (reference === null || reference === 0) return undefined;
  const shift = (metric: number) => metric / reference - 1;
  const side = (metric: number) => (shift(metric) < 0 ? 'below' : 'above');
  const sentence = (metric: number) =>
    `RMSE ${figure(metric)} is ${figure(Math.abs(shift(metric)) * 100)} % ${side(metric)} the baseline's ${figure(reference)} (limit ${figure(limit * 100)} %`;
  return { shift, alternative: 'greater', isAgainstBaseline: true, limit, sentence };
}
