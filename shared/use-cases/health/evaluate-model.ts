import { RunwayError } from '../../domain/errors.ts';
import { coverageOf } from '../../domain/ground-truth/coverage.ts';
import { outcomeTypesOf } from '../../domain/ground-truth/outcome-types.ts';
import { buildEvaluation, type EvaluationFacts, evaluationIdOf } from '../../domain/health/build-evaluation.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { inputsOf } from '../../domain/health/evaluation-inputs.ts';
import { evaluationWindows } from '../../domain/health/evaluation-window.ts';
import type { FleetContext } from '../../domain/health/fleet-context.ts';
import type { HealthRow } from '../../domain/health/health-row.ts';
import { judgedHours, labelFactsOf } from '../../domain/health/label-facts.ts';
import { profileWindow } from '../../domain/health/profile-window.ts';
import { defaultFalseAlarmsPerWeek } from '../../domain/health/team.ts';
import type { TeamBudget } from '../../domain/health/team-budget.ts';
import { testsOfModel } from '../../domain/health/tests-of-model.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { hourStart, type Instant, toMillis } from '../../domain/time.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadModelAsOf } from '../registry/load-model-as-of.ts';
import type { EvaluatedVersions } from './evaluated-versions.ts';
import { expectAsOf } from './expect-as-of.ts';
import { reportHealth } from './report-health.ts';
import { shortWindowOf } from './short-window-of.ts';

export type HealthPorts = {
  readonly events: EventStore;
  readonly metrics: GroundTruthMetrics;
  readonly versions: EvaluatedVersions;
  readonly evaluations: EvaluationStore;
};

/** What the scan has read already. */
type Scanned = {
  /** The model's row. @default it is read */
  readonly row?: HealthRow | undefined;
  /** @default what the evaluation before was told of its team, and nothing of models downstream */
  readonly fleet?: FleetContext | undefined;
};

/**
 * Evaluates the champion at `now`, keeps the record and, when its verdict is news that can be trusted, tells the model.
 * The same scheduled moment again finds the first record and only makes sure that it was told.
 * Throws `NotFound` (unknown model) and `IllegalTransition` (no champion).
 */
export async function evaluateOnSchedule(
  ports: HealthPorts,
  modelId: string,
  now: Instant,
  { row, fleet }: Scanned = {},
): Promise<Evaluation> {
  const before = row ?? (await ports.evaluations.rows([modelId])).at(0);
  const [head, stored] = await Promise.all([
    loadModel(ports.events, modelId),
    // Of this moment: the tick was here before, and may have died before it told the model.
    before !== undefined && before.evaluatedAt >= now ? ports.evaluations.latest(modelId) : undefined,
  ]);
  const isRepeated = stored?.evaluationId === evaluationIdOf(modelId, now, 'scheduled');
  const evaluation = isRepeated ? stored : await evaluateAnew(ports, head.state, now, { row: before, fleet });
  await reportHealth(ports.events, evaluation, head);
  return evaluation;
}

async function evaluateAnew(
  ports: HealthPorts,
  model: ModelState,
  now: Instant,
  { row: before, fleet }: Scanned,
): Promise<Evaluation> {
  const occasion = { evaluatedAt: now, kind: 'scheduled', runningHour: 'open', before, fleet } as const;
  const facts = await factsFor(ports, model, occasion);
  const evaluation = buildEvaluation(facts);
  await ports.evaluations.put(evaluation, { before, inputs: inputsOf(facts) });
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
  const runningHour = isPast ? 'closed' : 'open';
  const facts = await factsFor(ports, model, { evaluatedAt: asOf, kind: 'on-demand', runningHour });
  const evaluation = buildEvaluation(facts);
  await ports.evaluations.put(evaluation, { inputs: inputsOf(facts) });
  return evaluation;
}

async function loadNow(ports: HealthPorts, modelId: string): Promise<ModelState> {
  return (await loadModel(ports.events, modelId)).state;
}

type Occasion = {
  readonly evaluatedAt: Instant;
  readonly kind: Evaluation['kind'];
  readonly runningHour: 'open' | 'closed';
  /** The model's row, as far as it is known. */
  readonly before?: HealthRow | undefined;
  readonly fleet?: FleetContext | undefined;
};

/** What the facts of an evaluation are read from. */
export type FactPorts = Pick<HealthPorts, 'metrics' | 'versions'> & {
  readonly evaluations: Pick<EvaluationStore, 'latest'>;
};

/** All that an evaluation at that moment rests on. Throws `IllegalTransition` (no champion). */
export async function factsFor(
  ports: FactPorts,
  model: ModelState,
  { evaluatedAt, kind, runningHour, before, fleet }: Occasion,
): Promise<EvaluationFacts> {
  const { modelId, champion, definition } = model;
  if (champion === undefined)
    throw new RunwayError('IllegalTransition', 'no-champion', `${modelId} has no champion, deploy a version first`);
  const { version } = champion;
  const windows = evaluationWindows(model, champion.since, evaluatedAt, runningHour);
  const { buckets, segments = [] } = definition;
  const [type] = outcomeTypesOf(definition);
  // Also of those whose attribution window is open: that labels stop coming is seen before it closes.
  const labelled = { from: windows.outcomes.from, to: windows.predictions.to };
  const found = ports.versions.find(modelId, version);
  const [evaluated, stretches, firstDay, short, hours, previous, bySegment] = await Promise.all([
    found,
    ports.metrics.profileBlocks({ modelId, version, buckets, ...windows.variance }),
    // Fixed once it is over; read from what is remembered, so that a record that came late still counts.
    windows.firstDay && ports.metrics.profileBlocks({ modelId, version, buckets, ...windows.firstDay }),
    shortWindowOf(ports.metrics, model, found, {
      version,
      deployedAt: champion.since,
      evaluatedAt,
      runningHour,
      before,
      team: fleet?.budgets[definition.team],
    }),
    ports.metrics.hourlyPerformance({ modelId, version, buckets, ...labelled }),
    // The row says as much of the evaluation before as is needed, unless a newer one has come meanwhile.
    before !== undefined && before.evaluatedAt < evaluatedAt ? before : ports.evaluations.latest(modelId, evaluatedAt),
    Promise.all(
      segments.map(async ({ name: segment }) => ({
        segment,
        hours: await ports.metrics.hourlyPerformance({ modelId, version, buckets, segment, ...labelled }),
      })),
    ),
  ]);
  const { attributionWindowMinutes } = type!;
  const judged = judgedHours(
    hours.filter(({ hour }) => hourStart(hour) < windows.outcomes.to),
    type!,
  );
  const coverage = coverageOf(judged, attributionWindowMinutes, evaluatedAt);
  const { minimumCoverageRatio } = model.policy.signals.performance;
  const labels = labelFactsOf(hours, bySegment, { type: type!, minimumCoverageRatio, now: toMillis(evaluatedAt) });
  return {
    model,
    champion: {
      version,
      features: evaluated.features ?? definition.features,
      trainingDataEnd: champion.trainingDataEnd,
    },
    baseline: evaluated.baseline,
    embeddings: evaluated.embeddings,
    window: windows.predictions,
    current: profileWindow(stretches, windows.predictions),
    firstDay: windows.firstDay && firstDay && profileWindow(firstDay, windows.firstDay),
    short,
    realized: { hours: judged, window: windows.outcomes, coverage, ...(labels && { labels }) },
    previous: previous?.version === version ? previous : undefined,
    team: fleet?.budgets[definition.team] ?? teamBefore(model, previous),
    downstream: fleet?.downstream[modelId],
    evaluatedAt,
    kind,
  };
}

/** As the last scheduled evaluation recorded it, so that a look at the past takes the levels of then; else the model alone. */
function teamBefore({ definition, policy }: ModelState, previous: Evaluation | HealthRow | undefined): TeamBudget {
  if (previous !== undefined && 'alertBudget' in previous && previous.alertBudget !== undefined) {
    const { falseAlarmsPerWeek, testsOfTeam } = previous.alertBudget;
    return { falseAlarmsPerWeek, testsOfTeam };
  }
  return { falseAlarmsPerWeek: defaultFalseAlarmsPerWeek, testsOfTeam: testsOfModel(definition, policy) };
}
