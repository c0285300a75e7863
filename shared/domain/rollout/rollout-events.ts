import type { Policy } from '../registry/policy.ts';
import type { Instant } from '../time.ts';
import type { GateResult } from './gates/judge-gate.ts';
import type { SlicesResult } from './gates/judge-slices.ts';
import type { LoadProbeAnswer, LoadProbeRequest } from './load-probe.ts';
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
        /** Who caused it by hand; absent in older events and where nobody did. */
        requestedBy?: readonly string[];
        policy: Policy['rollout'];
        validationPolicy: Policy['validation'];
        holdout?: { uri: string; digest: string };
        startedAt: Instant;
      }
    >
  /** What one consuming service is asked; it answers with `POST /v1/load-probes/{probeId}/result`. */
  | Of<'LoadProbeRequested', LoadProbeRequest>
  | Of<'LoadProbeTaken', { probeId: string; takenAt: Instant }>
  | Of<'LoadProbeAnswered', { probeId: string; service: string; answer: LoadProbeAnswer }>
  | Of<'LoadabilityChecked', { verdict: Verdict; reason: string; checkedAt: Instant }>
  | Of<
      'ValidationJudged',
      {
        verdict: Verdict;
        paired: PairedEvidence;
        reason: string;
        /** Candidates that the hold-out had judged by then; absent without a hold-out and in older events. */
        holdoutAttempts?: number;
        /** Absent where the policy has none. */
        gates?: readonly GateResult[];
        slices?: SlicesResult;
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
  | Of<'RolloutAborted', { reason: string; endedAt: Instant }>
  /** A newer candidate took its place. */
  | Of<'RolloutSuperseded', { candidate: number; reason: string; endedAt: Instant }>
  /** A person promotes before the last step has passed; `RolloutPromoted` follows. `verdict`: of the running step, if any. */
  | Of<'PromotionForced', { by: string; reason: string; step: number; verdict?: Verdict; forcedAt: Instant }>
  | Of<'RolloutPaused', { by: string; reason: string; pausedAt: Instant }>
  | Of<'RolloutResumed', { by: string; reason: string; pausedAt: Instant; resumedAt: Instant }>
  | Of<
      'ApprovalRequested',
      { approvalId: string; before: number; percent: number; requestedAt: Instant; expiresAt: Instant }
    >
  | Of<'ApprovalDelegated', { approvalId: string; to: string; by: string; delegatedAt: Instant }>
  /** Somebody still has to decide. */
  | Of<
      'ApprovalReminded',
      {
        approvalId: string;
        percent: number;
        requestedAt: Instant;
        expiresAt: Instant;
        delegates: readonly string[];
        remindedAt: Instant;
      }
    >
  | Of<
      'ApprovalDecided',
      { approvalId: string; decision: 'approve' | 'reject'; by: string; comment?: string; decidedAt: Instant }
    >
  | Of<'ApprovalExpired', { approvalId: string; onExpiry: 'roll-back' | 'proceed'; expiredAt: Instant }>
  /** The workflow waits until a person has acted. Never published: a task token lets its bearer answer. */
  | Of<'PersonAwaited', { taskToken: string }>;

export type RolloutCommand =
  | ({ readonly type: 'StartRollout' } & Pick<
      RolloutState,
      | 'rolloutId'
      | 'modelId'
      | 'champion'
      | 'candidate'
      | 'retrainId'
      | 'requestedBy'
      | 'policy'
      | 'validationPolicy'
      | 'holdout'
    >)
  | { readonly type: 'RequestLoadProbes'; readonly probes: readonly LoadProbeRequest[] }
  | { readonly type: 'RecordProbeTaken'; readonly probeId: string }
  | {
      readonly type: 'AnswerLoadProbe';
      readonly probeId: string;
      readonly loaded: boolean;
      readonly artifactDigest: string;
      readonly reason?: string | undefined;
    }
  | { readonly type: 'RecordLoadability'; readonly verdict: Verdict; readonly reason: string }
  | {
      readonly type: 'RecordValidation';
      readonly verdict: Verdict;
      readonly paired: PairedEvidence;
      readonly reason: string;
      readonly holdoutAttempts?: number | undefined;
      readonly gates?: readonly GateResult[];
      readonly slices?: SlicesResult;
    }
  | { readonly type: 'StartStep'; readonly step: number }
  | { readonly type: 'RecordJudgement'; readonly judgement: StepJudgement }
  | { readonly type: 'PromoteRollout' }
  | { readonly type: 'RefuseRollout'; readonly reason: string }
  | { readonly type: 'RollBackRollout'; readonly reason: string }
  | { readonly type: 'AbortRollout'; readonly reason: string }
  | { readonly type: 'SupersedeRollout'; readonly candidate: number }
  | { readonly type: 'PromoteRolloutNow'; readonly by: string; readonly reason: string }
  | { readonly type: 'PauseRollout'; readonly by: string; readonly reason: string }
  | { readonly type: 'ResumeRollout'; readonly by: string; readonly reason: string }
  | { readonly type: 'RequestApproval'; readonly before: number }
  | {
      readonly type: 'DecideApproval';
      readonly approvalId: string;
      readonly decision: 'approve' | 'reject';
      readonly by: string;
      readonly comment?: string | undefined;
    }
  | { readonly type: 'DelegateApproval'; readonly approvalId: string; readonly to: string; readonly by: string }
  | { readonly type: 'RemindOfApproval'; readonly approvalId: string }
  | { readonly type: 'ExpireApproval'; readonly approvalId: string }
  | { readonly type: 'AwaitPerson'; readonly taskToken: string };
