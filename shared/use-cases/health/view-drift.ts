import { notFound, RunwayError } from '../../domain/errors.ts';
import { emptyProfile } from '../../domain/ground-truth/profile.ts';
import type { Baseline } from '../../domain/health/baseline.ts';
import type { DriftFacts } from '../../domain/health/data-drift-signal.ts';
import { driftSides } from '../../domain/health/drift-sides.ts';
import { evaluationWindows } from '../../domain/health/evaluation-window.ts';
import { featureDistribution, predictionDistribution } from '../../domain/health/feature-distribution.ts';
import { predictionDriftSignal } from '../../domain/health/prediction-drift-signal.ts';
import { profileWindow } from '../../domain/health/profile-window.ts';
import { baselineOfSegment, windowOfSegment } from '../../domain/health/segment-of.ts';
import { significanceOf } from '../../domain/health/significance.ts';
import { alphaFrom } from '../../domain/health/team-budget.ts';
import type { ModelVersion } from '../../domain/registry/model.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import { type Instant, toInstant } from '../../domain/time.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadModelAsOf } from '../registry/load-model-as-of.ts';
import { expectAsOf } from './expect-as-of.ts';

type Ports = {
  readonly events: EventStore;
  readonly metrics: GroundTruthMetrics;
  readonly baselines: BaselineStore;
  readonly evaluations: Pick<EvaluationStore, 'latest'>;
};

export type DriftQuery = {
  readonly modelId: string;
  /** @default now */
  readonly asOf?: Instant | undefined;
  /** @default the policy's window */
  readonly days?: number | undefined;
  /** Only the rows of this segment. @default all rows */
  readonly segment?: string | undefined;
  readonly now: Instant;
};

/** Nothing to compare with. */
const noBaseline = { profile: emptyProfile, from: toInstant(0), to: toInstant(0) };

/**
 * The distributions then and now, at the levels of the latest evaluation, also for a look at the past.
 * Throws `NotFound` (unknown model or segment), `IllegalTransition` (no champion then) and `InvalidRequest` (`as-of-in-future`, `as-of-before-model`).
 */
export async function viewDrift(ports: Ports, { modelId, asOf, days, segment, now }: DriftQuery) {
  const at = asOf ?? now;
  const { state: present } = await loadModel(ports.events, modelId);
  expectAsOf(at, { registeredAt: present.registeredAt, now, field: 'query:/asOf' });
  const model = at < now ? await loadModelAsOf(ports.events, modelId, at) : present;
  const { champion, policy } = model;
  if (segment !== undefined && !model.definition.segments?.some(({ name }) => name === segment))
    throw notFound('segment', segment);
  if (champion === undefined)
    throw new RunwayError('IllegalTransition', 'no-champion', `${modelId} has no champion, deploy a version first`);
  const { version } = champion;
  const asked = { ...model, policy: { ...policy, windowDays: days ?? policy.windowDays } };
  const windows = evaluationWindows(asked, champion.since, at, at < now ? 'closed' : 'open');
  const window = windows.predictions;
  const [head, wholeBaseline, latest, stretches] = await Promise.all([
    ports.events.head<ModelVersion>(versionStream(modelId, version)),
    ports.baselines.get(modelId, version),
    ports.evaluations.latest(modelId),
    ports.metrics.profileBlocks({ modelId, version, ...windows.variance }),
  ]);
  const whole = profileWindow(stretches, window);
  const baseline = segment === undefined ? wholeBaseline : wholeBaseline && baselineOfSegment(wholeBaseline, segment);
  const current = segment === undefined ? whole : windowOfSegment(whole, segment);
  const alphaOf = alphaFrom(policy, latest?.alertBudget);
  const features = head?.state.features ?? model.definition.features;
  return {
    modelId,
    version,
    ...(segment !== undefined && { segment }),
    reference: baseline === undefined ? null : { from: baseline.from, to: baseline.to, n: baseline.n },
    current: { ...window, n: current.profile.n },
    features: featuresOf({ policy, features, baseline, current, alphaOf }),
    prediction: baseline === undefined ? null : predictionOf({ policy, baseline, current, alphaOf }, baseline),
  };
}

function featuresOf({ policy, features, baseline, current, alphaOf = significanceOf(policy) }: DriftFacts) {
  const { features: judged, effectAt } = policy.signals.dataDrift;
  const sides = driftSides(baseline ?? noBaseline, current);
  const judging = { sides, alphaOf, effectAt };
  return features
    .map(({ name, type }) => {
      const isJudged = judged === undefined || judged.includes(name);
      const [bins, singletonRatio] = [baseline?.features[name], baseline?.singletonRatios?.[name]];
      return featureDistribution(policy, { name, type, isJudged, bins, singletonRatio }, judging);
    })
    .sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1));
}

function predictionOf(facts: Omit<DriftFacts, 'features'>, baseline: Baseline) {
  const signal = predictionDriftSignal(facts);
  return predictionDistribution(signal, baseline.scores, baseline.profile.scores, facts.current.profile.scores);
}
