import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import type { ErrorEvidence } from './error-guardrail.ts';
import type { GateResult } from './gates/judge-gate.ts';
import type { SlicesResult } from './gates/judge-slices.ts';
import type { LoadProbes } from './load-probe.ts';
import type { SampleRatio } from './sample-ratio.ts';
import type { Verdict } from './verdict.ts';

export type { Verdict } from './verdict.ts';

/** What an interval of a step rests on: a confidence sequence over the whole rollout. */
export type SequenceFacts = {
  /** One-sided, over all steps and looks. */
  readonly significance: number;
  readonly unit: 'hour' | 'day';
  readonly blocks: number;
  /** Rows by now; of the candidate, where the arms are compared. */
  readonly has: number;
  /** Rows at which an equal candidate would be as likely as not to pass, at the variance seen so far. */
  readonly needed: number;
};

/** Paired comparison with a day- or hour-block interval; `relativeDifference` = (candidate - champion) / champion loss. */
export type PairedEvidence = {
  readonly n: number;
  readonly blocks: number;
  readonly championLoss: number | null;
  readonly candidateLoss: number | null;
  readonly relativeDifference: number | null;
  readonly interval: readonly [number, number] | null;
  /** Absent for a hold-out, which is looked at once, and in older events. */
  readonly sequence?: SequenceFacts;
};

export type BusinessEvidence = {
  readonly metric: string;
  readonly champion: { readonly n: number; readonly mean: number | null };
  readonly candidate: { readonly n: number; readonly mean: number | null };
  readonly relativeChange: number | null;
  readonly interval: readonly [number, number] | null;
  readonly verdict: Verdict;
  readonly sequence?: SequenceFacts;
};

/** Of the running step, for predictions and for those with an outcome. */
export type SampleRatios = { readonly served: SampleRatio; readonly labelled: SampleRatio };

export type StepJudgement = {
  readonly step: number;
  readonly percent: number;
  readonly judgedAt: Instant;
  readonly verdict: Verdict;
  readonly paired: PairedEvidence;
  readonly business?: BusinessEvidence;
  /** Absent in older events. */
  readonly sampleRatio?: SampleRatios;
  readonly errors?: ErrorEvidence;
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
  readonly status: 'validating' | 'canary' | 'promoted' | 'refused' | 'rolled-back' | 'aborted' | 'superseded';
  /** Ids of the people who caused it by hand: they approve none of it. */
  readonly requestedBy?: readonly string[];
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly holdout?: { readonly uri: string; readonly digest: string };
  /** Absent until consuming services are asked, or where none wants to be. */
  readonly loadProbes?: LoadProbes;
  readonly loadability?: { readonly verdict: Verdict; readonly checkedAt: Instant; readonly reason: string };
  readonly validation?: {
    readonly verdict: Verdict;
    readonly judgedAt: Instant;
    readonly paired: PairedEvidence;
    readonly reason: string;
    /** Candidates that the hold-out had judged by then, this one included. */
    readonly holdoutAttempts?: number;
    readonly gates?: readonly GateResult[];
    readonly slices?: SlicesResult;
  };
  /** Index into `policy.steps`; -1 before the first. */
  readonly step: number;
  readonly stepStartedAt?: Instant;
  /** Of every step so far; absent where the first began before it was kept. */
  readonly stepStarts?: readonly Instant[];
  readonly judgements: readonly StepJudgement[];
  /** Why it ended, for every end but a promotion. */
  readonly reason?: string;
  /** In the order of the steps; absent while nobody was asked. */
  readonly approvals?: readonly Approval[];
  /** Present while it is paused. */
  readonly pausedAt?: Instant;
  readonly pauses?: readonly Pause[];
  /** Who promoted it before its last step had passed. */
  readonly forced?: { readonly by: string; readonly reason: string; readonly forcedAt: Instant };
  readonly supersededBy?: number;
  /** Present once the workflow waited for a person; answers it. Never shown. */
  readonly taskToken?: string;
};

/** A person's consent without which a rollout does not go on. */
export type Approval = {
  /** `<rolloutId>-a<number>`. */
  readonly approvalId: string;
  /** Canary step that it lets begin, from 0; their number stands for the promotion. */
  readonly before: number;
  /** Of the traffic, what the candidate would get; 100 is the promotion. */
  readonly percent: number;
  /** `void`: the rollout ended before anyone decided. */
  readonly status: 'waiting' | 'approved' | 'rejected' | 'expired' | 'void';
  readonly requestedAt: Instant;
  /** From then on nobody can decide any more, and the policy's `onExpiry` holds. */
  readonly expiresAt: Instant;
  readonly remindedAt?: Instant;
  /** Ids of people who may decide besides the team's approvers. */
  readonly delegates: readonly string[];
  readonly decidedAt?: Instant;
  readonly decidedBy?: string;
  readonly comment?: string;
};

export type Pause = {
  readonly by: string;
  readonly reason: string;
  readonly pausedAt: Instant;
  readonly resumedAt?: Instant;
  readonly resumedBy?: string;
};

/** Without a hold-out, under a policy that then compares on shadow traffic, before the candidate serves anybody. */
export function startsInShadow({ policy, holdout }: Pick<RolloutState, 'policy' | 'holdout'>): boolean {
  return holdout === undefined && policy.steps[0] === 0;
}

/** The percentages at which the candidate is judged. The 100 that ends every plan is the promotion itself. */
export function canarySteps(policy: Policy['rollout']): readonly number[] {
  return policy.steps.filter((percent) => percent < 100);
}
