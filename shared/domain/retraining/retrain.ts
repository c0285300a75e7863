import type { TriggerCause } from '../registry/model.ts';
import type { Tier } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import type { TrainingCost } from './rules/training-budget.ts';

/** Everything a trigger rested on, so that the decision can be replayed. */
export type TriggerRecord = {
  readonly cause: TriggerCause;
  readonly decidedAt: Instant;
  readonly evaluationId?: string;
  /** Of the cause `cascade`. */
  readonly cascadeId?: string;
  readonly policyVersion: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** One sentence: `log-loss skill 0.02 is 0.07 below the baseline's 0.09 (limit 0.06), n 11,213`. */
  readonly reason: string;
};

/** A file in the artefact bucket: rows later than the training data, scored by champion and candidate. */
export type Holdout = { readonly uri: string; readonly digest: string };

/** What the trainer answered. `cost`: of the run, failed or not, when the trainer knows it. */
export type TrainingCompletion = { readonly cost?: TrainingCost | undefined } & (
  | { readonly status: 'succeeded'; readonly modelVersion: number; readonly holdout: Holdout }
  | { readonly status: 'failed'; readonly error: string }
);

/** What the orchestrator of a connection was asked for and answered with. */
export type OrchestratedRun = {
  readonly connection: string;
  readonly pipeline: string;
  /** Opaque; the orchestrator finds the run by it. */
  readonly id: string;
  readonly requestedAt: Instant;
  /** An operator started it and said so; nothing is asked for again in its place. */
  readonly attached?: true;
};

/** What came of a run that outlived its retrain. `left`: it cannot be stopped, for a reason. */
export type RunEnd = { readonly outcome: 'ended' } | { readonly outcome: 'left'; readonly reason: string };

export type QueueHold = { readonly by: string; readonly reason: string; readonly since: Instant };

/** Head of the stream `retrain#<retrainId>`. */
export type RetrainState = {
  readonly retrainId: string;
  readonly runId: string;
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly triggers: readonly TriggerRecord[];
  /** 0..1, as of the newest trigger; null when no evaluation had one. */
  readonly stalenessScore: number | null;
  readonly requestedAt: Instant;
  /** The connection through which the model is trained. @default the training queue */
  readonly connection?: string;
  /** Who keeps it in the queue, and why; absent when nobody does. */
  readonly hold?: QueueHold;
  /** Counts as so many tiers more urgent. @default 0 */
  readonly bump?: number;
  readonly startedAt?: Instant;
  /** From the policy at the start; the workflow gives up after it. */
  readonly trainingTimeoutSeconds?: number;
  readonly endedAt?: Instant;
  /** Present once the training was asked for; answers the waiting workflow. Never shown. */
  readonly taskToken?: string;
  /** When the orchestrator was asked last, whatever came of it. */
  readonly askedAt?: Instant;
  readonly run?: OrchestratedRun;
  /** How often it went back to the queue because the orchestrator did not answer. */
  readonly requeues?: number;
  readonly completion?: TrainingCompletion;
  readonly runEnd?: RunEnd;
  readonly candidateVersion?: number;
  readonly holdout?: Holdout;
  readonly rolloutId?: string;
  readonly failure?: string;
};

/** Whether the orchestrator may still work on a run that nobody waits for: it is to be stopped. */
export function isRunLeft({ status, run, completion, runEnd }: RetrainState): boolean {
  const hasEnded = status === 'failed' || status === 'cancelled';
  return hasEnded && run !== undefined && completion === undefined && runEnd === undefined;
}

/** The first attempt; further attempts of one retrain would count on. */
export function runIdOf(retrainId: string): string {
  return `${retrainId}-a1`;
}

/** The retrain a run belongs to; undefined when the text is not the id of a run. */
export function retrainIdOfRun(runId: string): string | undefined {
  return /^([a-z][a-z0-9-]{1,62}-r\d{1,9})-a1$/.exec(runId)?.[1];
}
