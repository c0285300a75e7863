import type { Evaluation } from '../domain/health/evaluation.ts';
import type { Page } from './event-store.ts';

export interface EvaluationStore {
  /** Idempotent by `evaluationId`. Scheduled evaluations also become the latest, unless a newer one is. */
  put(evaluation: Evaluation): Promise<void>;
  /** The newest scheduled evaluation. */
  latest(modelId: string): Promise<Evaluation | undefined>;
  /** Newest first. */
  list(modelId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Evaluation>>;
}
