import { versionConflict } from '../../domain/errors.ts';
import type { BatchRun } from '../../domain/ground-truth/batch/batch-run.ts';
import type { DayMetrics } from '../../domain/ground-truth/batch/metric-rows.ts';
import type { Instant } from '../../domain/time.ts';
import type { BatchStore } from '../../ports/batch-store.ts';

export type MemoryBatchStore = BatchStore & {
  /** By `<date> <run> <model> <versions>`. */
  readonly metrics: ReadonlyMap<string, DayMetrics>;
  /** By date. */
  readonly days: ReadonlyMap<string, { readonly runId: string; readonly joinedAt: Instant }>;
};

export function createMemoryBatchStore(): MemoryBatchStore {
  let held: BatchRun | undefined;
  const metrics = new Map<string, DayMetrics>();
  const days = new Map<string, { readonly runId: string; readonly joinedAt: Instant }>();
  return {
    metrics,
    days,
    run: async () => held,
    putRun: async (run, read) => {
      if (JSON.stringify(read) !== JSON.stringify(held)) throw versionConflict('batch-runs', 0);
      held = run;
    },
    putMetrics: async ({ date, run }, of) => void metrics.set(`${date} ${run} ${of.modelId} ${of.versions}`, of),
    publishDay: async ({ date, run }, now) => void days.set(date, { runId: run, joinedAt: now }),
  };
}
