import { canonicalJson } from '../canonical-json.ts';
import { illegalTransition, notFound, RunwayError } from '../errors.ts';
import type { Instant } from '../time.ts';
import { decideWaiting, expectStatus } from './decide-waiting.ts';
import {
  isRunLeft,
  type OrchestratedRun,
  type RetrainState,
  runIdOf,
  type TrainingCompletion,
  type TriggerRecord,
} from './retrain.ts';
import type { RetrainCommand, RetrainEvent } from './retrain-events.ts';

/**
 * What a command does to a retrain; nothing when it was done before. Throws `IllegalTransition` when it is not
 * possible any more, and for a second, contradicting completion (code `contradicting-completion`).
 */
export function decideRetrain(
  command: RetrainCommand,
  state: RetrainState | undefined,
  now: Instant,
): readonly RetrainEvent[] {
  if (command.type === 'RequestRetrain') return request(command, state, now);
  if (state === undefined) throw notFound('retrain', command.type);
  const of = { schemaVersion: 1, retrainId: state.retrainId, modelId: state.modelId } as const;
  switch (command.type) {
    case 'AddTrigger':
      expectStatus(command.type, state, ['queued', 'running']);
      return state.triggers.some((trigger) => isSame(trigger, command.trigger))
        ? []
        : [{ type: 'RetrainTriggerAdded', ...of, trigger: command.trigger }];
    case 'HoldRetrain':
    case 'ReleaseRetrain':
    case 'BumpRetrain':
      return decideWaiting(command, state, now);
    case 'StartRetrain':
      expectStatus(command.type, state, ['queued']);
      if (state.hold !== undefined) throw illegalTransition(command.type, `held by ${state.hold.by}`, 'not held');
      return [
        { type: 'RetrainStarted', ...of, startedAt: now, trainingTimeoutSeconds: command.trainingTimeoutSeconds },
      ];
    case 'AwaitTraining':
      expectStatus(command.type, state, ['running']);
      if (state.taskToken === command.taskToken) return [];
      return [{ type: 'TrainingAwaited', ...of, runId: state.runId, taskToken: command.taskToken, askedAt: now }];
    case 'AskTrainingAgain':
      expectStatus(command.type, state, ['running']);
      return [{ type: 'TrainingAskedAgain', ...of, runId: state.runId, askedAt: now }];
    case 'RecordRun':
      return recordRun(command.run, state);
    case 'AttachRun':
      return attachRun(command.run, state, now);
    case 'EndRun':
      return isRunLeft(state) ? [{ type: 'TrainingRunEnded', ...of, runId: state.runId, end: command.end }] : [];
    case 'RequeueRetrain':
      expectStatus(command.type, state, ['running']);
      return [{ type: 'RetrainRequeued', ...of, reason: command.reason, requeuedAt: now }];
    case 'CompleteTraining':
      return complete(command.completion, state);
    case 'SucceedRetrain':
      return succeed(command.rolloutId, state, now);
    case 'FailRetrain':
      expectStatus(command.type, state, ['running']);
      return [{ type: 'RetrainFailed', ...of, reason: command.reason, endedAt: now }];
    case 'CancelRetrain':
      if (state.status === 'cancelled') return [];
      expectStatus(command.type, state, ['queued', 'running']);
      // Its candidate is on its way to a rollout, which can be aborted.
      if (state.completion !== undefined) throw illegalTransition(command.type, 'trained', 'a training under way');
      return [{ type: 'RetrainCancelled', ...of, reason: command.reason, endedAt: now }];
  }
}

function request(
  command: Extract<RetrainCommand, { type: 'RequestRetrain' }>,
  state: RetrainState | undefined,
  now: Instant,
): readonly RetrainEvent[] {
  if (state !== undefined) throw illegalTransition(command.type, state.status, 'no retrain of this id');
  const { type: _, ...facts } = command;
  return [
    { type: 'RetrainRequested', schemaVersion: 1, ...facts, runId: runIdOf(command.retrainId), requestedAt: now },
  ];
}

/** A run whose retrain has ended, or has gone back to the queue meanwhile, is kept too: it is to be stopped, or found again. */
function recordRun(run: OrchestratedRun, state: RetrainState): readonly RetrainEvent[] {
  expectStatus('RecordRun', state, ['running', 'queued', 'failed', 'cancelled']);
  if (state.run !== undefined && canonicalJson(state.run) === canonicalJson(run)) return [];
  if (state.run?.attached) return [];
  const { retrainId, modelId, runId } = state;
  return [{ type: 'TrainingStarted', schemaVersion: 1, retrainId, modelId, runId, run }];
}

function attachRun(
  { connection, pipeline, id }: Omit<OrchestratedRun, 'requestedAt' | 'attached'>,
  state: RetrainState,
  now: Instant,
): readonly RetrainEvent[] {
  expectStatus('AttachRun', state, ['running']);
  const { retrainId, modelId, runId, run, completion } = state;
  if (run?.connection === connection && run.id === id) return [];
  if (run !== undefined) throw illegalTransition('AttachRun', `run ${run.id} of ${run.connection}`, 'no run');
  if (completion !== undefined) throw illegalTransition('AttachRun', describe(completion), 'no completion');
  const attached: OrchestratedRun = { connection, pipeline, id, requestedAt: now, attached: true };
  return [{ type: 'TrainingStarted', schemaVersion: 1, retrainId, modelId, runId, run: attached }];
}

function complete(completion: TrainingCompletion, state: RetrainState): readonly RetrainEvent[] {
  if (state.completion !== undefined) {
    if (canonicalJson(state.completion) === canonicalJson(completion)) return [];
    throw new RunwayError(
      'IllegalTransition',
      'contradicting-completion',
      `run ${state.runId} was completed before with ${describe(state.completion)}, received ${describe(completion)}`,
    );
  }
  // The answer to its start may have been lost: it trains, while its retrain waits to ask for it again.
  const wasAsked = state.status === 'queued' && state.askedAt !== undefined;
  if (!wasAsked) expectStatus('CompleteTraining', state, ['running']);
  return [
    {
      type: 'TrainingCompleted',
      schemaVersion: 1,
      retrainId: state.retrainId,
      modelId: state.modelId,
      runId: state.runId,
      completion,
    },
  ];
}

function succeed(rolloutId: string, state: RetrainState, now: Instant): readonly RetrainEvent[] {
  expectStatus('SucceedRetrain', state, ['running']);
  if (state.completion?.status !== 'succeeded')
    throw illegalTransition('SucceedRetrain', 'running', 'a training that succeeded');
  const { modelVersion, holdout } = state.completion;
  return [
    {
      type: 'RetrainSucceeded',
      schemaVersion: 1,
      retrainId: state.retrainId,
      modelId: state.modelId,
      candidateVersion: modelVersion,
      holdout,
      rolloutId,
      endedAt: now,
    },
  ];
}

/** One cause is told once; each cascade is a cause of its own. */
function isSame(a: TriggerRecord, b: TriggerRecord): boolean {
  return a.cause === b.cause && a.cascadeId === b.cascadeId;
}

function describe(completion: TrainingCompletion): string {
  return completion.status === 'succeeded'
    ? `version ${completion.modelVersion}`
    : `the error ${JSON.stringify(completion.error)}`;
}
