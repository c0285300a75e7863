import { RunwayError } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/health/evaluation.ts';
import { contextOf, type FleetContext, fleetContext } from '../../domain/health/fleet-context.ts';
import type { ScannedModel } from '../../domain/health/fleet-figures.ts';
import { type HealthRow, mergeHealthRow } from '../../domain/health/health-row.ts';
import { type TeamState, teamRows } from '../../domain/health/team.ts';
import { type ModelRow, modelRows } from '../../domain/registry/model-row.ts';
import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { ScanQueue, ScanShard } from '../../ports/scan-queue.ts';
import { evaluateOnSchedule, type HealthPorts } from './evaluate-model.ts';

/** A schedule that fires a little early must not skip a whole interval. */
const toleranceMillis = minuteMillis;
/** Asked for together: what many models need of one kind is one request then. */
const modelsTogether = 25;
/** While the reads and writes of one group are under way, the other is judged. */
const concurrentGroups = 2;
/** What one invocation evaluates: two or three seconds' work, and a message of some 30 KB. */
export const shardSize = 250;

type Observer = {
  /** Told of each model that could not be evaluated, as it happens. */
  readonly onFailure: (modelId: string, error: unknown) => void;
};
type ScanOptions = Observer & {
  readonly now: Instant;
  readonly queue: ScanQueue;
  /** Told of every model that serves, due or not. @default nobody is */
  readonly onScanned?: (model: ScannedModel) => void;
};

type ScanResult = {
  readonly evaluated: number;
  readonly notDue: number;
  /** Due models that other invocations evaluate. */
  readonly handedOver: number;
};

type DueModel = { readonly modelId: string; readonly row: HealthRow | undefined };
type Told = (modelId: string, outcome: ScannedModel['outcome'], evaluation?: Evaluation) => void;

/**
 * Evaluates every model that is due, or hands them over in shards when they are too many for one invocation. A model that
 * fails is passed over and, when all others are done, fails the scan (`DependencyUnavailable`, code `scan-incomplete`).
 * The same tick again evaluates only the failed ones.
 */
export async function scanModels(ports: HealthPorts, options: ScanOptions): Promise<ScanResult> {
  const { now, queue, onFailure, onScanned = () => undefined } = options;
  const [models, rows, teams] = await Promise.all([
    ports.events.rows<ModelRow>(modelRows),
    ports.evaluations.rows(),
    ports.events.rows<TeamState>(teamRows),
  ]);
  const rowOf = new Map(rows.map((row) => [row.modelId, row]));
  const serving = models.filter(({ champion, lifecycle }) => champion !== undefined && lifecycle !== 'retired');
  const servingById = new Map(serving.map((model) => [model.modelId, model]));
  const fleet = fleetContext(serving, rows, teams);
  const tell: Told = (modelId, outcome, evaluation) => {
    const described = describe(servingById.get(modelId)!, rowOf.get(modelId), now);
    const judged = evaluation && mergeHealthRow(undefined, evaluation);
    const { coverageRatio, labelSupply } = judged ?? described;
    onScanned({ ...described, outcome, coverageRatio, labelSupply });
  };
  const { due = [], later = [] } = Object.groupBy(serving, (model) =>
    isDue(model, rowOf.get(model.modelId), now) ? 'due' : 'later',
  );
  const dueModels = due.map(({ modelId }) => ({ modelId, row: rowOf.get(modelId) }));
  for (const { modelId } of later) tell(modelId, 'not-due');
  if (due.length > shardSize) {
    for (const { modelId } of due) tell(modelId, 'handed-over');
    await queue.send(shardsOf(due, now, fleet));
    return { evaluated: 0, notDue: later.length, handedOver: due.length };
  }
  const evaluated = await evaluateAll(ports, dueModels, { now, fleet, onFailure, tell });
  return { evaluated, notDue: later.length, handedOver: 0 };
}

/** One shard of a scan; models that were evaluated later than it are done with. Throws as `scanModels` does. */
export async function scanShard(ports: HealthPorts, shard: ScanShard, observer: Observer): Promise<number> {
  const { modelIds, now, fleet } = shard;
  const rows = await ports.evaluations.rows(modelIds);
  const rowOf = new Map(rows.map((row) => [row.modelId, row]));
  const due = modelIds
    .map((modelId) => ({ modelId, row: rowOf.get(modelId) }))
    .filter(({ row }) => row === undefined || row.evaluatedAt <= now);
  return evaluateAll(ports, due, { now, fleet, ...observer, tell: () => undefined });
}

function shardsOf(due: readonly ModelRow[], now: Instant, fleet: FleetContext): readonly ScanShard[] {
  return Array.from({ length: Math.ceil(due.length / shardSize) }, (_, i) => {
    const models = due.slice(i * shardSize, (i + 1) * shardSize);
    return { now, modelIds: models.map(({ modelId }) => modelId), fleet: contextOf(fleet, models) };
  });
}

async function evaluateAll(
  ports: HealthPorts,
  due: readonly DueModel[],
  { now, fleet, onFailure, tell }: Observer & Pick<ScanShard, 'now' | 'fleet'> & { readonly tell: Told },
): Promise<number> {
  const failed: string[] = [];
  const evaluate = async ({ modelId, row }: DueModel) => {
    try {
      tell(modelId, 'evaluated', await evaluateOnSchedule(ports, modelId, now, { row, fleet }));
    } catch (error) {
      failed.push(modelId);
      onFailure(modelId, error);
      tell(modelId, 'failed');
    }
  };
  const left = groupsOf(due).values();
  const worker = async () => {
    for (const group of left) await Promise.all(group.map(evaluate));
  };
  await Promise.all(Array.from({ length: concurrentGroups }, worker));
  if (failed.length > 0) throw incomplete(failed, due.length);
  return due.length;
}

function groupsOf(due: readonly DueModel[]): readonly (readonly DueModel[])[] {
  return Array.from({ length: Math.ceil(due.length / modelsTogether) }, (_, i) =>
    due.slice(i * modelsTogether, (i + 1) * modelsTogether),
  );
}

function describe(model: ModelRow, row: HealthRow | undefined, now: Instant): Omit<ScannedModel, 'outcome'> {
  const since = row?.evaluatedAt ?? model.champion?.since ?? now;
  return {
    tier: model.tier,
    isAtRisk: model.isAtRisk,
    coverageRatio: row?.coverageRatio ?? null,
    labelSupply: row?.labelSupply,
    minimumCoverageRatio: model.minimumCoverageRatio,
    waitedMinutes: (toMillis(now) - toMillis(since)) / minuteMillis,
    intervalMinutes: model.evaluationIntervalMinutes,
  };
}

function isDue(model: ModelRow, row: HealthRow | undefined, now: Instant): boolean {
  if (row === undefined) return true;
  const elapsed = toMillis(now) - toMillis(row.evaluatedAt);
  // At 0 this tick was here before, and may have died before it told the model.
  return elapsed === 0 || elapsed >= model.evaluationIntervalMinutes * minuteMillis - toleranceMillis;
}

function incomplete(failed: readonly string[], due: number): RunwayError {
  const names = failed.slice(0, 10).join(', ');
  const count = `${failed.length} of ${due} due models`;
  return new RunwayError('DependencyUnavailable', 'scan-incomplete', `${count} could not be evaluated: ${names}`);
}
