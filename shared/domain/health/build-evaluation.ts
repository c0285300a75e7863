import type { ModelState, ModelVersion } from '../registry/model.ts';
import type { Policy } from '../registry/policy.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import { ageSignal } from './age-signal.ts';
import type { Baseline } from './baseline.ts';
import { conceptDriftSignal } from './concept-drift-signal.ts';
import { dataDriftSignal } from './data-drift-signal.ts';
import { type DownstreamModel, downstreamHealthSignal } from './downstream-health-signal.ts';
import type { EmbeddingStability } from './embedding/embedding-stability.ts';
import { embeddingSignal } from './embedding-signal.ts';
import { estimatedPerformanceSignal } from './estimated-performance-signal.ts';
import type { Evaluation } from './evaluation.ts';
import { explain } from './explain.ts';
import { fuseSignals } from './fuse-signals.ts';
import type { Former } from './hysteresis.ts';
import { performanceSignal, type RealizedPerformance } from './performance-signal.ts';
import { predictionDriftSignal } from './prediction-drift-signal.ts';
import type { ProfileWindow } from './profile-window.ts';
import { segmentsOf } from './segment-of.ts';
import type { ShortWindow } from './short-window.ts';
import { summarize } from './summarize.ts';
import { alertBudgetOf, alphaFrom, type TeamBudget, withQValues } from './team-budget.ts';
import { trainServeSkewSignal } from './train-serve-skew-signal.ts';
import { withSegments } from './with-segments.ts';
import { withShortWindow } from './with-short-window.ts';

/** Everything a verdict rests on; the same facts give the same evaluation. */
export type EvaluationFacts = {
  readonly model: ModelState;
  readonly champion: Pick<ModelVersion, 'version' | 'trainingDataEnd'> & { readonly features: readonly Feature[] };
  readonly baseline: Baseline | undefined;
  readonly window: Evaluation['window'];
  readonly current: ProfileWindow;
  /** Of service; absent until it is over. */
  readonly firstDay?: ProfileWindow | undefined;
  /** Absent when the policy does not look for sudden breaks. */
  readonly short?: ShortWindow | undefined;
  readonly realized: RealizedPerformance;
  /** The last scheduled evaluation of the same version before this one. */
  readonly previous: Former | undefined;
  /** Of the model's team; without it each test takes the policy's significance. */
  readonly team?: TeamBudget | undefined;
  /** Models that consume it and have labels. @default none */
  readonly downstream?: readonly DownstreamModel[] | undefined;
  /** Of the version, against the one before. @default nothing was compared */
  readonly embeddings?: EmbeddingStability | undefined;
  readonly evaluatedAt: Instant;
  readonly kind: Evaluation['kind'];
};

export function evaluationIdOf(modelId: string, evaluatedAt: Instant, kind: Evaluation['kind']): string {
  return `${modelId}-${evaluatedAt}-${kind}`;
}

export function buildEvaluation(facts: EvaluationFacts): Evaluation {
  const { model, champion, baseline, current, realized, evaluatedAt, kind } = facts;
  const { modelId, policy } = model;
  const { coverageRatio, attributedClosed } = realized.coverage;
  const { labels } = realized;
  const shortSegments = labels?.segments.filter(({ status }) => status === 'short').map(({ segment }) => segment);
  const alertBudget = alertBudgetOf(policy, facts.team);
  const alphaOf = alphaFrom(policy, alertBudget);
  const judging = { ...policy, significance: alphaOf({ window: 'long' }) };
  const downstream = downstreamHealthSignal(policy, facts.downstream ?? [], {
    hasLabels: attributedClosed > 0,
    evaluatedAt,
  });
  const drift = { policy, features: champion.features, baseline, current, alphaOf };
  const estimated = estimatedPerformanceSignal(judging, baseline?.performance, current.profile, realized);
  const embeddings = embeddingSignal(facts.embeddings);
  const segments = segmentsOf(baseline, current).map((of) => ({ segment: of.name, facts: { ...drift, ...of } }));
  const judged = [
    performanceSignal(judging, model.definition.taskType, baseline?.performance, realized),
    ...(model.definition.taskType === 'binary' ? [conceptDriftSignal(judging, baseline?.performance, realized)] : []),
    withSegments(
      dataDriftSignal(drift),
      segments.map((of) => ({ segment: of.segment, signal: dataDriftSignal(of.facts) })),
    ),
    withSegments(
      predictionDriftSignal(drift),
      segments.map((of) => ({ segment: of.segment, signal: predictionDriftSignal(of.facts) })),
    ),
    ...(facts.firstDay === undefined ? [] : [trainServeSkewSignal({ ...drift, current: facts.firstDay })]),
    ...(embeddings === undefined ? [] : [embeddings]),
    ...(downstream === undefined ? [] : [downstream]),
    ...(estimated === undefined ? [] : [estimated]),
    ageSignal(policy, champion.trainingDataEnd, evaluatedAt),
  ];
  const short = facts.short && { policy, baseline, short: facts.short, alphaOf };
  const signals = withQValues(withShortWindow(short, champion.features, judged));
  const sight = {
    coverageRatio,
    n: current.profile.n,
    isUnweighted: isUnweighted(policy, champion.features),
    ...(shortSegments && { shortSegments }),
  };
  const fusion = fuseSignals({ policy, signals, sight, previous: facts.previous, evaluatedAt });
  const atRiskSince = model.health.status === 'at-risk' ? model.health.since : evaluatedAt;
  return {
    evaluationId: evaluationIdOf(modelId, evaluatedAt, kind),
    modelId,
    version: champion.version,
    evaluatedAt,
    kind,
    window: facts.window,
    policyVersion: model.policyVersion,
    policy,
    signals,
    ...fusion,
    coverageRatio,
    ...(labels && { labels }),
    ...(alertBudget && { alertBudget }),
    explanation: explain(policy, signals, fusion, coverageRatio),
    summary: summarize(policy, signals, fusion, atRiskSince),
  };
}

/** An owner who calls every judged feature unimportant is told so. */
function isUnweighted({ signals }: Policy, features: readonly Feature[]): boolean {
  const judged = signals.dataDrift.features;
  const weighed = features.filter(({ name }) => judged === undefined || judged.includes(name));
  return weighed.length > 0 && weighed.every(({ importance }) => importance === 0);
}
