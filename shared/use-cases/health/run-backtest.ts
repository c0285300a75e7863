import { RunwayError } from '../../domain/errors.ts';
import { type BacktestReport, backtest } from '../../domain/health/backtest/backtest.ts';
import { type Degradation, degradationsInHindsight } from '../../domain/health/backtest/degradation.ts';
import type { RecordedMoment } from '../../domain/health/backtest/run-policy.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { Policy } from '../../domain/registry/policy.ts';
import { dayMillis, hourMillis, type Instant, toInstant, toMillis } from '../../domain/time.ts';
import type { EvaluationHistory } from '../../ports/evaluation-history.ts';
import type { EvaluationStore } from '../../ports/evaluation-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { loadModel } from '../registry/change-model.ts';
import { expectRules } from '../registry/expect-rules.ts';
import type { EvaluatedVersions } from './evaluated-versions.ts';

export type BacktestPorts = {
  readonly events: EventStore;
  readonly metrics: GroundTruthMetrics;
  readonly versions: EvaluatedVersions;
  readonly evaluations: Pick<EvaluationStore, 'timeline'>;
  readonly history: EvaluationHistory;
};

export type BacktestRequest = {
  readonly modelId: string;
  readonly policy: Policy;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** Known from elsewhere; found in hindsight when absent. */
  readonly degradations?: readonly { readonly from: Instant; readonly to: Instant }[] | undefined;
  readonly retrainCost: number;
  readonly now: Instant;
};

const defaultDays = 30;
/** An index of moments is kept for a quarter. */
const maximumDays = 92;
/** What two policies judge within the half minute that a request may take. */
export const maximumMoments = 1_000;
/** Of a few tens of kilobytes each. */
const momentsAtOnce = 100;

type Report = BacktestReport & {
  readonly modelId: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Every n-th recorded evaluation was judged. */
  readonly everyNth: number;
};

/**
 * Runs a candidate policy beside the current one over the recorded evaluations of a stretch of time. Changes nothing.
 * Throws `NotFound`, `InvalidRequest` (codes `empty-window`, `window-too-long`, `invalid-rule`) and `IllegalTransition` (code
 * `nothing-recorded`).
 */
export async function runBacktest(ports: BacktestPorts, request: BacktestRequest): Promise<Report> {
  const { modelId, policy, retrainCost, now } = request;
  const { state } = await loadModel(ports.events, modelId);
  const to = request.to ?? now;
  const from = request.from ?? toInstant(toMillis(to) - defaultDays * dayMillis);
  expectWindow(from, to);
  expectRules(policy, '/policy/retraining/rules');
  const instants = (await ports.evaluations.timeline(modelId, { from, to })).map(({ at }) => at);
  const everyNth = Math.max(1, Math.ceil(instants.length / maximumMoments));
  const moments = await readMoments(
    ports,
    modelId,
    instants.filter((_, i) => i % everyNth === 0),
  );
  if (moments.length === 0) throw nothingRecorded(modelId, from, to);
  const degradations =
    request.degradations?.map((each): Degradation => ({ ...each, source: 'given', metrics: [] })) ??
    (await findDegradations(ports, state, moments));
  const report = backtest({ moments, current: state.policy, candidate: policy, degradations, retrainCost });
  return { modelId, from, to, everyNth, ...report };
}

async function readMoments(ports: BacktestPorts, modelId: string, instants: readonly Instant[]) {
  const moments: RecordedMoment[] = [];
  for (let next = 0; next < instants.length; next += momentsAtOnce) {
    for (const { evaluation, inputs } of await ports.history.read(
      modelId,
      instants.slice(next, next + momentsAtOnce),
    )) {
      const { baseline } = await ports.versions.find(modelId, evaluation.version);
      moments.push({ inputs, baseline });
    }
  }
  return moments;
}

/** Of each version while it was evaluated, by all outcomes that are known now. */
async function findDegradations(
  { metrics, versions }: BacktestPorts,
  { modelId, policy, definition }: ModelState,
  moments: readonly RecordedMoment[],
): Promise<readonly Degradation[]> {
  const byVersion = Map.groupBy(moments, ({ inputs }) => inputs.champion.version);
  const found = await Promise.all(
    [...byVersion].map(async ([version, members]) => {
      const window = wholeHours(members[0]!.inputs.evaluatedAt, members.at(-1)!.inputs.evaluatedAt);
      const hours = await metrics.hourlyPerformance({ modelId, version, buckets: definition.buckets, ...window });
      const { baseline } = await versions.find(modelId, version);
      return degradationsInHindsight({ policy, baseline: baseline?.performance, hours });
    }),
  );
  return found.flat().sort((a, b) => (a.from < b.from ? -1 : 1));
}

function wholeHours(first: Instant, last: Instant) {
  const start = Math.floor(toMillis(first) / hourMillis) * hourMillis;
  const end = Math.max(start + hourMillis, Math.ceil(toMillis(last) / hourMillis) * hourMillis);
  return { from: toInstant(start), to: toInstant(end) };
}

function expectWindow(from: Instant, to: Instant): void {
  if (from >= to) throw unusable('empty-window', `expected a moment before ${to}, got ${from}`);
  if (toMillis(to) - toMillis(from) > maximumDays * dayMillis)
    throw unusable('window-too-long', `expected at most ${maximumDays} days`);
}

function unusable(code: string, reason: string): RunwayError {
  return new RunwayError('InvalidRequest', code, reason, [{ field: '/from', code, reason }]);
}

function nothingRecorded(modelId: string, from: Instant, to: Instant): RunwayError {
  const message = `${modelId} has no recorded evaluation with its inputs from ${from} to ${to}: choose a time in which it was evaluated`;
  return new RunwayError('IllegalTransition', 'nothing-recorded', message);
}
