import { RunwayError } from '../../domain/errors.ts';
import type { HealthRow } from '../../domain/health/health-row.ts';
import { type ModelRow, modelRows } from '../../domain/registry/model-row.ts';
import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { ScanQueue, ScanShard } from '../../ports/scan-queue.ts';
import { evaluateOnSchedule, type HealthPorts } from './evaluate-model.ts';

/** A schedule that fires a little early must not skip a whole interval. */
const toleranceMillis = minuteMillis;
/** Evaluations are mostly reads: a few at a time hide their latency without crowding the connections. */
const concurrentModels = 12;
/** What one invocation evaluates: some seconds' work, and a message of 32 KB at most. */
export const shardSize = 500;

type Observer = {
  /** Told of each model that could not be evaluated, as it happens. */
  readonly onFailure: (modelId: string, error: unknown) => void;
};
type ScanOptions = Observer & { readonly now: Instant; readonly queue: ScanQueue };

type ScanResult = {
  readonly evaluated: number;
  readonly notDue: number;
  /** Due models that other invocations evaluate. */
  readonly handedOver: number;
};

type DueModel = { readonly modelId: string; readonly row: HealthRow | undefined };

/**
 * Evaluates every model that is due, or hands them over in shards when they are too many for one invocation. A model that
 * fails is passed over and, when all others are done, fails the scan (`DependencyUnavailable`, code `scan-incomplete`).
 * The same tick again evaluates only the failed ones.
 */
export async function scanModels(ports: HealthPorts, { now, queue, onFailure }: ScanOptions): Promise<ScanResult> {
  const [models, rows] = await Promise.all([ports.events.rows<ModelRow>(modelRows), ports.evaluations.rows()]);
  const rowOf = new Map(rows.map((row) => [row.modelId, row]));
  const serving = models.filter(({ champion, lifecycle }) => champion !== undefined && lifecycle !== 'retired');
  const due = serving
    .filter((model) => isDue(model, rowOf.get(model.modelId), now))
    .map(({ modelId }) => ({ modelId, row: rowOf.get(modelId) }));
  const notDue = serving.length - due.length;
  if (due.length > shardSize) {
    await queue.send(shardsOf(due, now));
    return { evaluated: 0, notDue, handedOver: due.length };
  }
  return { evaluated: await evaluateAll(ports, due, { now, onFailure }), notDue, handedOver: 0 };
}

/** One shard of a scan; models that were evaluated later than it are done with. Throws as `scanModels` does. */
export async function scanShard(ports: HealthPorts, { modelIds, now }: ScanShard, observer: Observer): Promise<number> {
  const rows = await ports.evaluations.rows(modelIds);
  const rowOf = new Map(rows.map((row) => [row.modelId, row]));
  const due = modelIds
    .map((modelId) => ({ modelId, row: rowOf.get(modelId) }))
    .filter(({ row }) => row === undefined || row.evaluatedAt <= now);
  return evaluateAll(ports, due, { now, ...observer });
}

function shardsOf(due: readonly DueModel[], now: Instant): readonly ScanShard[] {
  const modelIds = due.map(({ modelId }) => modelId);
  return Array.from({ length: Math.ceil(modelIds.length / shardSize) }, (_, i) => ({
    now,
    modelIds: modelIds.slice(i * shardSize, (i + 1) * shardSize),
  }));
}

async function evaluateAll(
  ports: HealthPorts,
  due: readonly DueModel[],
  { now, onFailure }: Observer & { readonly now: Instant },
): Promise<number> {
  const failed: string[] = [];
  const left = due.values();
  const worker = async () => {
    for (const { modelId, row } of left) {
      try {
        await evaluateOnSchedule(ports, modelId, now, row);
      } catch (error) {
        failed.push(modelId);
        onFailure(modelId, error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentModels }, worker));
  if (failed.length > 0) throw incomplete(failed, due.length);
  return due.length;
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
