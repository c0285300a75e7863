import type { RecordedEvaluation } from '../domain/health/evaluation-inputs.ts';
import type { Instant } from '../domain/time.ts';

/** The evaluations with everything that they rested on. */
export interface EvaluationHistory {
  /** The record of one moment; undefined when there is none, or when it is from before inputs were kept. */
  find(modelId: string, evaluatedAt: Instant, kind: 'scheduled' | 'on-demand'): Promise<RecordedEvaluation | undefined>;
  /** The scheduled ones of these moments, ascending; those without inputs are left out. */
  read(modelId: string, moments: readonly Instant[]): Promise<readonly RecordedEvaluation[]>;
}
