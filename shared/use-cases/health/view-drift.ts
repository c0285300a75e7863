import { RunwayError } from '../../domain/errors.ts';
import type { FeatureCounts, Profile } from '../../domain/ground-truth/aggregates.ts';
import type { Baseline } from '../../domain/health/baseline.ts';
import { evaluationWindows } from '../../domain/health/evaluation-window.ts';
import { featureDistribution, predictionDistribution } from '../../domain/health/feature-distribution.ts';
import { predictionDriftSignal } from '../../domain/health/prediction-drift-signal.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import type { Feature } from '../../domain/registry/schemas.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadModelAsOf } from '../registry/load-model-as-of.ts';
import { expectAsOf } from './expect-as-of.ts';

type Ports = { readonly events: EventStore; readonly metrics: GroundTruthMetrics; readonly baselines: BaselineStore };

export type DriftQuery = {
  readonly modelId: string;
  /** @default now */
  readonly asOf?: Instant | undefined;
  /** @default the policy's window */
  readonly days?: number | undefined;
  readonly now: Instant;
};

const nothing: FeatureCounts = { bins: {}, missing: 0, unseen: 0 };

/** Throws `NotFound`, `IllegalTransition` (no champion then) and `InvalidRequest` (`as-of-in-future`, `as-of-before-model`). */
export async function viewDrift(ports: Ports, { modelId, asOf, days, now }: DriftQuery) {
  const at = asOf ?? now;
  const { state: present } = await loadModel(ports.events, modelId);
  expectAsOf(at, { registeredAt: present.registeredAt, now, field: 'query:/asOf' });
  const model = at < now ? await loadModelAsOf(ports.events, modelId, at) : present;
  const { champion, policy } = model;
  if (champion === undefined)
    throw new RunwayError('IllegalTransition', 'no-champion', `${modelId} has no champion, deploy a version first`);
  const { version } = champion;
  const asked = { ...model, policy: { ...policy, windowDays: days ?? policy.windowDays } };
  const window = evaluationWindows(asked, champion.since, at, at < now ? 'closed' : 'open').predictions;
  const [head, baseline, profile] = await Promise.all([
    ports.events.head<ModelVersion>(versionStream(modelId, version)),
    ports.baselines.get(modelId, version),
    ports.metrics.profile({ modelId, version, ...window }),
  ]);
  return {
    modelId,
    version,
    reference: baseline === undefined ? null : { from: baseline.from, to: baseline.to, n: baseline.n },
    current: { ...window, n: profile.n },
    features: featuresOf(model, head?.state.features ?? model.definition.features, baseline, profile),
    prediction: baseline === undefined ? null : predictionOf(model, baseline, profile),
  };
}

function featuresOf(
  { policy }: ModelState,
  features: readonly Feature[],
  baseline: Baseline | undefined,
  profile: Profile,
) {
  const judged = policy.signals.dataDrift.features;
  return features
    .map(({ name, type, importance }) =>
      featureDistribution(policy, {
        name,
        type,
        importance,
        isJudged: judged === undefined || judged.includes(name),
        bins: baseline?.features[name],
        reference: baseline?.profile.features[name] ?? nothing,
        current: profile.features[name] ?? nothing,
      }),
    )
    .sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1));
}

function predictionOf({ policy }: ModelState, baseline: Baseline, profile: Profile) {
  const signal = predictionDriftSignal(policy, baseline, profile);
  return predictionDistribution(signal, baseline.scores, baseline.profile.scores, profile.scores);
}
