import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** Paired comparison with a day- or hour-block interval; `relativeDifference` = (candidate - champion) / champion loss. */
export type PairedEvidence = {
  readonly n: number;
  readonly blocks: number;
  readonly championLoss: number | null;
  readonly candidateLoss: number | null;
  readonly relativeDifference: number | null;
  readonly interval: readonly [number, number] | null;
};

export type BusinessEvidence = {
  readonly metric: string;
  readonly champion: { readonly n: number; readonly mean: number | null };
  readonly candidate: { readonly n: number; readonly mean: number | null };
  readonly relativeChange: number | null;
  readonly interval: readonly [number, number] | null;
  readonly verdict: Verdict;
};

export type StepJudgement = {
  readonly step: number;
  readonly percent: number;
  readonly judgedAt: Instant;
  readonly verdict: Verdict;
  readonly paired: PairedEvidence;
  readonly business?: BusinessEvidence;
  readonly reason: string;
};

/** Head of the stream `rollout#<rolloutId>`. */
export type RolloutState = {
  readonly rolloutId: string;
  readonly modelId: string;
  readonly champion: number;
  readonly candidate: number;
  readonly retrainId?: string;
  readonly policy: Policy['rollout'];
  readonly validationPolicy: Policy['validation'];
  readonly status: 'validating' | 'canary' | 'promoted' | 'refused' | 'rolled-back' | 'aborted';
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly holdout?: { readonly uri: string; readonly digest: string };
  readonly loadability?: { readonly verdict: Verdict; readonly checkedAt: Instant; readonly reason: string };
  readonly validation?: {
    readonly verdict: Verdict;
    readonly judgedAt: Instant;
    readonly paired: PairedEvidence;
    readonly reason: string;
    /** Candidates that the hold-out had judged by then, this one included. */
    readonly holdoutAttempts?: number;
  };
  /** Index into `policy.steps`; -1 before the first. */
  readonly step: number;
  readonly stepStartedAt?: Instant;
  readonly judgements: readonly StepJudgement[];
  /** Why it ended, for every end but a promotion. */
  readonly reason?: string;
};

/** The percentages at which the candidate is judged. The 100 that ends every plan is the promotion itself. */
export function canarySteps(policy: Policy['rollout']): readonly number[] {
  return policy.steps.filter((percent) => percent < 100);
}
