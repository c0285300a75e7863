import { RunwayError } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import type { ScannedModel } from '../../domain/health/fleet-figures.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { allModels } from '../../domain/registry/model-lists.ts';
import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import { evaluateOnSchedule, type HealthPorts } from './evaluate-model.ts';

/** A schedule that fires a little early must not skip a whole interval. */
const toleranceMillis = minuteMillis;
/** Evaluations are mostly reads: a few at a time hide their latency without crowding the connections. */
const concurrentModels = 8;

type ScanOptions = {
  readonly now: Instant;
  /** Told of each model that could not be evaluated, as it happens. */
  readonly onFailure: (modelId: string, error: unknown) => void;
  /** Told of every model that serves, due or not. @default nobody is */
  readonly onScanned?: (model: ScannedModel) => void;
};

type ScanResult = { readonly evaluated: number; readonly notDue: number };

/**
 * Evaluates every model that is due. A model that fails is passed over and, when all others are done, fails the scan
 * (`DependencyUnavailable`, code `scan-incomplete`). The same tick again evaluates only the failed ones.
 */
export async function scanModels(
  ports: HealthPorts,
  { now, onFailure, onScanned = () => undefined }: ScanOptions,
): Promise<ScanResult> {
  const failed: string[] = [];
  let evaluated = 0;
  let notDue = 0;
  const scan = async (model: ModelState) => {
    const { modelId } = model;
    let latest: Evaluation | undefined;
    try {
      latest = await ports.evaluations.latest(modelId);
      if (isDue(latest, model.policy.evaluationIntervalMinutes, now)) {
        const evaluation = await evaluateOnSchedule(ports, modelId, now);
        evaluated += 1;
        onScanned({ ...describe(model, latest, now), outcome: 'evaluated', coverageRatio: evaluation.coverageRatio });
      } else {
        notDue += 1;
        onScanned({ ...describe(model, latest, now), outcome: 'not-due' });
      }
    } catch (error) {
      failed.push(modelId);
      onFailure(modelId, error);
      onScanned({ ...describe(model, latest, now), outcome: 'failed' });
    }
  };
  for await (const models of pagesOfServingModels(ports)) await Promise.all(models.map(scan));
  if (failed.length > 0) throw incomplete(failed, evaluated);
  return { evaluated, notDue };
}

async function* pagesOfServingModels({ events }: HealthPorts): AsyncGenerator<readonly ModelState[]> {
  let cursor: string | undefined;
  do {
    const page = await events.list<ModelState>(allModels, { limit: concurrentModels, ...(cursor && { cursor }) });
    yield page.items.map(({ state }) => state).filter((model) => model.champion && model.lifecycle !== 'retired');
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function describe(model: ModelState, latest: Evaluation | undefined, now: Instant): Omit<ScannedModel, 'outcome'> {
  const since = latest?.evaluatedAt ?? model.champion?.since ?? now;
  return {
    tier: model.definition.tier,
    isAtRisk: model.health.status === 'at-risk',
    coverageRatio: latest?.coverageRatio ?? null,
    minimumCoverageRatio: model.policy.signals.performance.minimumCoverageRatio,
    waitedMinutes: (toMillis(now) - toMillis(since)) / minuteMillis,
    intervalMinutes: model.policy.evaluationIntervalMinutes,
  };
}

function isDue(latest: Evaluation | undefined, intervalMinutes: number, now: Instant): boolean {
  if (latest === undefined) return true;
  const elapsed = toMillis(now) - toMillis(latest.evaluatedAt);
  // At 0 this tick was here before, and may have died before it told the model.
  return elapsed === 0 || elapsed >= intervalMinutes * minuteMillis - toleranceMillis;
}

function incomplete(failed: readonly string[], evaluated: number): RunwayError {
  const names = failed.slice(0, 10).join(', ');
  const count = `${failed.length} of ${failed.length + evaluated} due models`;
  return new RunwayError('DependencyUnavailable', 'scan-incomplete', `${count} could not be evaluated: ${names}`);
}
