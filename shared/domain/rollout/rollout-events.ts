import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import type { PairedEvidence, RolloutState, StepJudgement, Verdict } from './rollout.ts';

type Of<T extends string, D> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly rolloutId: string;
  readonly modelId: string;
} & Readonly<D>;

export type RolloutEvent =
  | Of<
      'RolloutStarted',
      {
        champion: number;
        candidate: number;
        retrainId?: string;
        policy: Policy['rollout'];
        validationPolicy: Policy['validation'];
        holdout?: { uri: string; digest: string };
        startedAt: Instant;
      }
    >
  | Of<'LoadabilityChecked', { verdict: Verdict; reason: string; checkedAt: Instant }>
  | Of<
      'ValidationJudged',
      {
        verdict: Verdict;
        paired: PairedEvidence;
        reason: string;
        /** Candidates that the hold-out had judged by then; absent without a hold-out and in older events. */
        holdoutAttempts?: number;
        judgedAt: Instant;
      }
    >
  | Of<'CanaryStepStarted', { step: number; percent: number; startedAt: Instant }>
  | Of<'CanaryStepJudged', { judgement: StepJudgement }>
  | Of<'RolloutPromoted', { endedAt: Instant }>
  /** Loadability or validation did not pass; the candidate never served. */
  | Of<'RolloutRefused', { reason: string; endedAt: Instant }>
  | Of<'RolloutRolledBack', { reason: string; endedAt: Instant }>
  /** A person ended it. */
  | Of<'RolloutAborted', { reason: string; endedAt: Instant }>;

export type RolloutCommand =
  | ({ readonly type: 'StartRollout' } & Pick<
      RolloutState,
      'rolloutId' | 'modelId' | 'champion' | 'candidate' | 'retrainId' | 'policy' | 'validationPolicy' | 'holdout'
    >)
  | { readonly type: 'RecordLoadability'; readonly verdict: Verdict; readonly reason: string }
  | {
      readonly type: 'RecordValidation';
      readonly verdict: Verdict;
      readonly paired: PairedEvidence;
      readonly reason: string;
      readonly holdoutAttempts?: number | undefined;
    }
  | { readonly type: 'StartStep'; readonly step: number }
  | { readonly type: 'RecordJudgement'; readonly judgement: StepJudgement }
  | { readonly type: 'PromoteRollout' }
  | { readonly type: 'RefuseRollout'; readonly reason: string }
  | { readonly type: 'RollBackRollout'; readonly reason: string }
  | { readonly type: 'AbortRollout'; readonly reason: string };
