import type { Tier } from '../../registry/schemas.ts';
import type { Instant } from '../../time.ts';
import type { Capacity } from './capacity.ts';

/** A retrain that waits for a slot. */
export type WaitingRetrain = {
  readonly retrainId: string;
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  /** 0..1; null counts as fresh. */
  readonly stalenessScore: number | null;
  readonly requestedAt: Instant;
  readonly orchestrator: string;
  /** Counts as so many tiers more urgent. @default 0 */
  readonly priorityBump?: number | undefined;
  /** Who holds it back; absent when nobody does. */
  readonly heldBy?: string | undefined;
  /** Opening of its off-peak window, or the end of another wait. */
  readonly notBefore?: Instant | undefined;
  /** Expected length of the training. @default the estimate's own */
  readonly trainingMinutes?: number | undefined;
};

/** A retrain that has a slot. */
export type RunningRetrain = {
  readonly retrainId: string;
  readonly team: string;
  readonly orchestrator: string;
  readonly startedAt: Instant;
  readonly trainingMinutes?: number | undefined;
};

export type QueueLimits = {
  /** Retrains that may run at once, over all models. */
  readonly overall: number;
  readonly perTeam: Capacity;
  readonly perOrchestrator: Capacity;
  /** Orchestrators whose circuit is open: nothing starts there. */
  readonly openOrchestrators: readonly string[];
};

export type Queue = {
  readonly waiting: readonly WaitingRetrain[];
  readonly running: readonly RunningRetrain[];
  readonly limits: QueueLimits;
  readonly now: Instant;
};
