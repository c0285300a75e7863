import type { Tier } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import type { Holdout, OrchestratedRun, QueueHold, RunEnd, TrainingCompletion, TriggerRecord } from './retrain.ts';

type Of<T extends string, D = object> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly retrainId: string;
  readonly modelId: string;
} & Readonly<D>;

export type RetrainEvent =
  | Of<
      'RetrainRequested',
      {
        runId: string;
        team: string;
        tier: Tier;
        stalenessScore: number | null;
        triggers: readonly TriggerRecord[];
        requestedAt: Instant;
        connection?: string;
      }
    >
  /** A further trigger while the retrain is open. */
  | Of<'RetrainTriggerAdded', { trigger: TriggerRecord }>
  /** A person keeps it in the queue, lets it go, or makes it more urgent. */
  | Of<'RetrainHeld', { hold: QueueHold }>
  | Of<'RetrainReleased'>
  | Of<'RetrainBumped', { bump: number }>
  | Of<'RetrainStarted', { startedAt: Instant; trainingTimeoutSeconds: number }>
  /** The trainer is about to be asked. Comes again, with a new token, when the workflow repeats the task. */
  | Of<'TrainingAwaited', { runId: string; taskToken: string; askedAt?: Instant }>
  /** Without a new token: the run that was started cannot be found. */
  | Of<'TrainingAskedAgain', { runId: string; askedAt: Instant }>
  | Of<'TrainingStarted', { runId: string; run: OrchestratedRun }>
  /** After the retrain: nobody waits for its run any more. */
  | Of<'TrainingRunEnded', { runId: string; end: RunEnd }>
  /** Back to the queue: nobody could be asked for the training. */
  | Of<'RetrainRequeued', { reason: string; requeuedAt: Instant }>
  /** The trainer's answer, before the workflow has acted on it. */
  | Of<'TrainingCompleted', { runId: string; completion: TrainingCompletion }>
  | Of<'RetrainSucceeded', { candidateVersion: number; holdout: Holdout; rolloutId: string; endedAt: Instant }>
  | Of<'RetrainFailed', { reason: string; endedAt: Instant }>
  | Of<'RetrainCancelled', { reason: string; endedAt: Instant }>;

export type RetrainCommand =
  | {
      readonly type: 'RequestRetrain';
      readonly retrainId: string;
      readonly modelId: string;
      readonly team: string;
      readonly tier: Tier;
      readonly stalenessScore: number | null;
      readonly triggers: readonly TriggerRecord[];
      readonly connection?: string;
    }
  | { readonly type: 'AddTrigger'; readonly trigger: TriggerRecord }
  | { readonly type: 'HoldRetrain'; readonly by: string; readonly reason: string }
  | { readonly type: 'ReleaseRetrain' }
  /** To so many tiers more urgent than its own; 0 takes a bump back. */
  | { readonly type: 'BumpRetrain'; readonly bump: number }
  | { readonly type: 'StartRetrain'; readonly trainingTimeoutSeconds: number }
  | { readonly type: 'AwaitTraining'; readonly taskToken: string }
  | { readonly type: 'AskTrainingAgain' }
  | { readonly type: 'RecordRun'; readonly run: OrchestratedRun }
  /** An operator started it at the orchestrator. */
  | { readonly type: 'AttachRun'; readonly run: Omit<OrchestratedRun, 'requestedAt' | 'attached'> }
  | { readonly type: 'EndRun'; readonly end: RunEnd }
  | { readonly type: 'RequeueRetrain'; readonly reason: string }
  | { readonly type: 'CompleteTraining'; readonly completion: TrainingCompletion }
  | { readonly type: 'SucceedRetrain'; readonly rolloutId: string }
  | { readonly type: 'FailRetrain'; readonly reason: string }
  | { readonly type: 'CancelRetrain'; readonly reason: string };
