import type { Evaluation } from '../domain/health/evaluation.ts';
import type { Instant } from '../domain/time.ts';
import type { Page } from './event-store.ts';

export interface EvaluationStore {
  /** Idempotent by `evaluationId`: the first one stays. Scheduled ones also become the latest, unless a newer one is. */
  put(evaluation: Evaluation): Promise<void>;
  /** The newest scheduled evaluation; of those strictly before `before`, when given. */
  latest(modelId: string, before?: Instant): Promise<Evaluation | undefined>;
  /** Newest first. Throws `InvalidRequest` (code `invalid-cursor`) on a cursor of another list. */
  list(modelId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Evaluation>>;
}
