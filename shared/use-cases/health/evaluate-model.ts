import { RunwayError } from '../../domain/errors.ts';
import { coverageOf } from '../../domain/ground-truth/coverage.ts';
import { buildEvaluation, evaluationIdOf } from '../../domain/health/build-evaluation.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { evaluationWindows } from '../../domain/health/evaluation-window.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadModelAsOf } from '../registry/load-model-as-of.ts';
import { expectAsOf } from './expect-as-of.ts';
import { reportHealth } from './report-health.ts';

export type HealthPorts = {
  readonly events: EventStore;
  readonly metrics: GroundTruthMetrics;
  readonly baselines: BaselineStore;
  readonly evaluations: EvaluationStore;
};

/**
 * Evaluates the champion at `now`, keeps the record and, when its verdict is news that can be trusted, tells the model.
 * The same scheduled moment again finds the first record and only makes sure that it was told.
 * Throws `NotFound` (unknown model) and `IllegalTransition` (no champion).
 */
export async function evaluateOnSchedule(ports: HealthPorts, modelId: string, now: Instant): Promise<Evaluation> {
  const latest = await ports.evaluations.latest(modelId);
  const isRepeated = latest?.evaluationId === evaluationIdOf(modelId, now, 'scheduled');
  const evaluation = isRepeated
    ? latest
    : await evaluate(ports, await loadNow(ports, modelId), now, 'scheduled', 'open');
  if (!isRepeated) await ports.evaluations.put(evaluation);
  await reportHealth(ports.events, evaluation);
  return evaluation;
}

/**
 * Evaluates on request, also as of a past moment with the champion and the policy of then; informs and never alerts.
 * Throws `NotFound` (unknown model), `IllegalTransition` (no champion then) and `InvalidRequest` (codes
 * `as-of-in-future`, `as-of-before-model`).
 */
export async function evaluateOnDemand(
  ports: HealthPorts,
  request: { readonly modelId: string; readonly now: Instant; readonly asOf?: Instant | undefined },
): Promise<Evaluation> {
  const { modelId, now, asOf = now } = request;
  const isPast = asOf < now;
  const present = await loadNow(ports, modelId);
  expectAsOf(asOf, { registeredAt: present.registeredAt, now, field: '/asOf' });
  const model = isPast ? await loadModelAsOf(ports.events, modelId, asOf) : present;
  const evaluation = await evaluate(ports, model, asOf, 'on-demand', isPast ? 'closed' : 'open');
  await ports.evaluations.put(evaluation);
  return evaluation;
}

async function loadNow(ports: HealthPorts, modelId: string): Promise<ModelState> {
  return (await loadModel(ports.events, modelId)).state;
}

async function evaluate(
  ports: HealthPorts,
  model: ModelState,
  evaluatedAt: Instant,
  kind: Evaluation['kind'],
  runningHour: 'open' | 'closed',
): Promise<Evaluation> {
  const { modelId, champion, definition } = model;
  if (champion === undefined)
    throw new RunwayError('IllegalTransition', 'no-champion', `${modelId} has no champion, deploy a version first`);
  const { version } = champion;
  const windows = evaluationWindows(model, champion.since, evaluatedAt, runningHour);
  const [versionHead, baseline, profile, hours, previous] = await Promise.all([
    ports.events.head<ModelVersion>(versionStream(modelId, version)),
    ports.baselines.get(modelId, version),
    ports.metrics.profile({ modelId, version, ...windows.predictions }),
    ports.metrics.hourlyPerformance({ modelId, version, ...windows.outcomes }),
    ports.evaluations.latest(modelId, evaluatedAt),
  ]);
  const coverage = coverageOf(hours, definition.attributionWindowMinutes, evaluatedAt);
  return buildEvaluation({
    model,
    champion: {
      version,
      features: versionHead?.state.features ?? definition.features,
      trainingDataEnd: champion.trainingDataEnd,
    },
    baseline,
    window: windows.predictions,
    profile,
    realized: { hours, window: windows.outcomes, coverage },
    previous: previous?.version === version ? previous : undefined,
    evaluatedAt,
    kind,
  });
}
