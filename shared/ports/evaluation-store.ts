import type { Evaluation } from '../domain/health/evaluation.ts';
import type { EvaluationInputs } from '../domain/health/evaluation-inputs.ts';
import type { HealthRow } from '../domain/health/health-row.ts';
import type { TimelinePoint } from '../domain/health/timeline.ts';
import type { Instant } from '../domain/time.ts';
import type { Page } from './event-store.ts';

export type PutOptions = { readonly before?: HealthRow | undefined; readonly inputs?: EvaluationInputs | undefined };

export interface EvaluationStore {
  /**
   * Idempotent by `evaluationId`: the first one stays. Together with a scheduled one its model's row and timeline are
   * written, all or nothing, and it becomes the latest, unless a newer one is. `before` is the row as the caller read it:
   * it saves a read, and when it is out of date the row is read again. `inputs` are kept with the record, so that it can be
   * made again.
   */
  put(evaluation: Evaluation, options?: PutOptions): Promise<void>;
  /** The newest scheduled evaluation; of those strictly before `before`, when given. */
  latest(modelId: string, before?: Instant): Promise<Evaluation | undefined>;
  /** Newest first. Throws `InvalidRequest` (code `invalid-cursor`) on a cursor of another list. */
  list(modelId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Evaluation>>;
  /** Of every model that was ever evaluated on schedule, or of those among these, in no order. Strongly consistent. */
  rows(modelIds?: readonly string[]): Promise<readonly HealthRow[]>;
  /** Of the scheduled evaluations in [from, to), ascending. */
  timeline(
    modelId: string,
    window: { readonly from: Instant; readonly to: Instant },
  ): Promise<readonly TimelinePoint[]>;
}
