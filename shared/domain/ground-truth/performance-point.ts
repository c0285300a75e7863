import type { TaskType } from '../registry/schemas.ts';
import type { LabelDelayModel } from './label-delay-model.ts';
import { maturityOf } from './label-maturity.ts';
import { labelSupplyOf } from './label-supply.ts';
import type { OutcomeType, Provenance } from './outcome-types.ts';
import { performanceOf } from './performance.ts';
import { metricsOf } from './performance-metrics.ts';
import { cohortOf, coverageOfType, layerOf, type PerformanceSpan } from './performance-span.ts';
import { labelsOf } from './provenance.ts';
import { mergeRankings, rankingMetricsOf } from './ranking.ts';

/** What the figures of a point depend on beside its rows. */
export type PointFacts = {
  readonly taskType: TaskType;
  readonly type: OutcomeType;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Undefined while nothing is known of when labels come. */
  readonly delays: LabelDelayModel | undefined;
  /** Of the policy, 0..1. */
  readonly minimumCoverageRatio: number;
  /** @default all labels */
  readonly provenance?: Provenance | undefined;
};

/** The metrics of some stretches together, with how much truth they rest on. */
export function pointOf(spans: readonly PerformanceSpan[], facts: PointFacts) {
  const { performance, counts } = labelsOf(spans, facts.type, facts);
  const { n, values, reasons } = metricsOf(performance ?? performanceOf(kindOf(facts), []));
  const layer = layerOf(spans);
  const ranking = rankingOf(spans, facts);
  return {
    n,
    ...trustOf(spans, facts),
    provenance: counts,
    ...(layer && { layer }),
    metrics: values,
    reasons,
    ...(ranking && { ranking }),
  };
}

/** Of the lists among the predictions; undefined for none, and for labels that no record brought. */
function rankingOf(spans: readonly PerformanceSpan[], { type, provenance = type.provenance }: PointFacts) {
  const ranking = mergeRankings(spans.flatMap((span) => span.ranking ?? []));
  return ranking && provenance === type.provenance ? rankingMetricsOf(ranking) : undefined;
}

/** How many labels there are, how many there ought to be by now, and whether that is enough. */
export function trustOf(spans: readonly PerformanceSpan[], { type, now, delays, minimumCoverageRatio }: PointFacts) {
  const cohorts = spans.map(cohortOf);
  const { predictions, labelledRatio, expectedRatio, maturity } = maturityOf(delays, cohorts, now);
  const isPositiveOnly = type.imputedLabel !== undefined;
  const { status } = labelSupplyOf(cohorts, { model: delays, now, minimumCoverageRatio, isPositiveOnly });
  return {
    predictions,
    served: spans.reduce((sum, span) => sum + (span.served ?? span.predictions), 0),
    coverage: { ...coverageOfType(spans, type, now), labelledRatio, expectedRatio },
    maturity,
    labelSupply: status,
  };
}

/** Of the metrics: only a binary model's scores are probabilities of a binary outcome. */
export function kindOf({ taskType, type }: Pick<PointFacts, 'taskType' | 'type'>): TaskType {
  return taskType === 'binary' && type.kind === 'binary' ? 'binary' : 'regression';
}
