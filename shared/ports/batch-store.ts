import type { BatchDay, BatchRun } from '../domain/ground-truth/batch/batch-run.ts';
import type { DayMetrics } from '../domain/ground-truth/batch/metric-rows.ts';
import type { Instant } from '../domain/time.ts';

/** Runs of the batch join and what they publish. Twins: `adapters/memory`, `adapters/dynamodb`. */
export interface BatchStore {
  /** The latest run; strongly consistent. */
  run(): Promise<BatchRun | undefined>;
  /** Throws `VersionConflict` unless `read` is still the latest. */
  putRun(run: BatchRun, read: BatchRun | undefined): Promise<void>;
  /** Readers do not see them before the day is published. */
  putMetrics(day: BatchDay, metrics: DayMetrics, now: Instant): Promise<void>;
  /** From now on the day is read from these metrics. */
  publishDay(day: BatchDay, now: Instant): Promise<void>;
}
