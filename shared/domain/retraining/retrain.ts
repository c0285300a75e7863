import type { TriggerCause } from '../registry/model.ts';
import type { Tier } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';

/** Everything a trigger rested on, so that the decision can be replayed. */
export type TriggerRecord = {
  readonly cause: TriggerCause;
  readonly decidedAt: Instant;
  readonly evaluationId?: string;
  readonly policyVersion: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** One sentence: `log-loss skill 0.02 is 0.07 below the baseline's 0.09 (limit 0.06), n 11,213`. */
  readonly reason: string;
};

/** Head of the stream `retrain#<retrainId>`. */
export type RetrainState = {
  readonly retrainId: string;
  readonly runId: string;
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly triggers: readonly TriggerRecord[];
  readonly stalenessScore: number | null;
  readonly requestedAt: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly taskToken?: string;
  readonly candidateVersion?: number;
  readonly holdout?: { readonly uri: string; readonly digest: string };
  readonly failure?: string;
};
