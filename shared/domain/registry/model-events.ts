import type { DependencyChange } from './dependency-change.ts';
import type { Lifecycle, RestoredVersion, Routing, TriggerCause } from './model.ts';
import type { Policy } from './policy.ts';
import type { Consumer, ModelDefinition } from './schemas.ts';

type Of<T extends string, D> = { readonly type: T; readonly schemaVersion: 1 } & Readonly<D>;

export type ModelEvent =
  | Of<'ModelRegistered', { modelId: string; definition: ModelDefinition; policy: Policy }>
  | Of<'PolicyChanged', { modelId: string; policy: Policy; policyVersion: number }>
  /** All services that call the model from now on. */
  | Of<'ConsumersDeclared', { modelId: string; consumers: readonly Consumer[] }>
  | Of<'VersionAdded', { modelId: string; version: number }>
  /** First champion, without a rollout. */
  | Of<'ChampionDeployed', { modelId: string; version: number; trainingDataEnd: string }>
  /** First trusted verdict, a recovery, a breach, or a further cause of one; `lifecycle` is the state after it. */
  | Of<
      'HealthChanged',
      {
        modelId: string;
        status: 'healthy' | 'at-risk';
        evaluationId: string;
        causes: readonly string[];
        lifecycle: Lifecycle;
      }
    >
  /** At risk for longer than the policy bears, since `since`. Once until the model is healthy or another version serves. */
  | Of<'DeprecationProposed', { modelId: string; since: string; reason: string }>
  | Of<'RetrainOpened', { modelId: string; retrainId: string; causes: readonly TriggerCause[] }>
  /** A further trigger while a retrain is open. */
  | Of<'RetrainCauseAdded', { modelId: string; retrainId: string; cause: TriggerCause }>
  /** Training ended without a candidate, or with one whose rollout goes on from here. */
  | Of<
      'RetrainClosed',
      { modelId: string; retrainId: string; result: 'candidate' | 'failed' | 'cancelled'; lifecycle: Lifecycle }
    >
  | Of<'RolloutOpened', { modelId: string; rolloutId: string; candidate: number }>
  | Of<'TrafficShifted', { modelId: string; routing: Routing }>
  | Of<
      'CandidateRefused',
      { modelId: string; rolloutId: string; candidate: number; reason: string; lifecycle: Lifecycle }
    >
  /** The canary failed: all traffic is back on the champion; `RollbackCompleted` follows. */
  | Of<'RollbackStarted', { modelId: string; rolloutId: string; candidate: number; reason: string }>
  | Of<'RollbackCompleted', { modelId: string; rolloutId: string; lifecycle: Lifecycle }>
  | Of<
      'VersionPromoted',
      { modelId: string; rolloutId: string; version: number; previous: number; trainingDataEnd: string }
    >
  /** The champion is taken back after its promotion; `restored` served before, or is the policy's fallback. */
  | Of<
      'ChampionWithdrawn',
      {
        modelId: string;
        version: number;
        restored: number;
        trainingDataEnd: string;
        reason: string;
        lifecycle: Lifecycle;
      }
    >
  /** Something that it depends on, directly or through others, changes its shape or will go away. */
  | Of<'DependencyChanged', { modelId: string } & DependencyChange>
  | Of<'ModelDeprecated', { modelId: string; reason: string }>
  | Of<'ModelRetired', { modelId: string; reason: string }>;

export type ModelCommand =
  | { readonly type: 'RegisterModel'; readonly definition: ModelDefinition; readonly policy: Policy }
  | { readonly type: 'ChangePolicy'; readonly policy: Policy }
  | { readonly type: 'DeclareConsumers'; readonly consumers: readonly Consumer[] }
  | { readonly type: 'AddVersion' }
  | { readonly type: 'DeployChampion'; readonly version: number; readonly trainingDataEnd: string }
  | {
      readonly type: 'ReportHealth';
      readonly status: 'healthy' | 'at-risk';
      readonly evaluationId: string;
      readonly causes: readonly string[];
    }
  /** Proposes, when it is time to; with a reason, at once. */
  | { readonly type: 'ProposeDeprecation'; readonly reason?: string }
  /** Opens a retrain or, when one is open, adds the causes it lacks. */
  | { readonly type: 'RequestRetrain'; readonly causes: readonly TriggerCause[] }
  | { readonly type: 'CloseRetrain'; readonly retrainId: string; readonly result: 'candidate' | 'failed' | 'cancelled' }
  | { readonly type: 'OpenRollout'; readonly candidate: number }
  | { readonly type: 'ShiftTraffic'; readonly rolloutId: string; readonly candidatePercent: number }
  | { readonly type: 'RefuseCandidate'; readonly rolloutId: string; readonly reason: string }
  | { readonly type: 'StartRollback'; readonly rolloutId: string; readonly reason: string }
  | { readonly type: 'CompleteRollback'; readonly rolloutId: string }
  | { readonly type: 'PromoteCandidate'; readonly rolloutId: string; readonly trainingDataEnd: string }
  | {
      readonly type: 'WithdrawChampion';
      readonly version: number;
      readonly to: RestoredVersion;
      /** Of the version that is restored. */
      readonly trainingDataEnd: string;
      readonly reason: string;
    }
  | ({ readonly type: 'ReportDependencyChange' } & DependencyChange)
  | { readonly type: 'Deprecate'; readonly reason: string }
  | { readonly type: 'Retire'; readonly reason: string };
