import { illegalTransition, notFound } from '../errors.ts';
import type { Instant } from '../time.ts';
import {
  decideApproval,
  delegateApproval,
  expireApproval,
  remindOfApproval,
  requestApproval,
} from './decide-approval.ts';
import { pauseRollout, promoteNow, resumeRollout, supersedeRollout } from './decide-operation.ts';
import { answerLoadProbe } from './load-probes.ts';
import { canarySteps, type RolloutState, type StepJudgement } from './rollout.ts';
import type { RolloutCommand, RolloutEvent } from './rollout-events.ts';
import { expectFree, expectNoFail, expectPass, expectStatus, isValidated, judgementOfStep } from './rollout-guards.ts';

type Of<T extends RolloutCommand['type']> = Extract<RolloutCommand, { type: T }>;

/**
 * What a command does to a rollout; nothing when it was done before, so that a task may be repeated. Throws
 * `IllegalTransition` when a guard forbids it: every gate needs a pass of the one before, and a promotion needs a pass of
 * the last canary step that is newer than the step's start, or a person who promotes what has not failed. What the policy
 * asks a person for waits for them, and nothing goes on while the rollout is paused; either may end at any time.
 */
export function decideRollout(
  command: RolloutCommand,
  state: RolloutState | undefined,
  now: Instant,
): readonly RolloutEvent[] {
  if (command.type === 'StartRollout') return start(command, state, now);
  if (state === undefined) throw notFound('rollout', command.type);
  const of = { schemaVersion: 1, rolloutId: state.rolloutId, modelId: state.modelId } as const;
  switch (command.type) {
    case 'RequestLoadProbes':
      if (state.loadProbes !== undefined || state.loadability !== undefined) return [];
      expectStatus(command, state, ['validating']);
      return command.probes.map((probe) => ({ type: 'LoadProbeRequested', ...of, ...probe }));
    case 'RecordProbeTaken': {
      const { probeId } = command;
      const isOpen = state.loadProbes?.some((probe) => probe.probeId === probeId && probe.takenAt === undefined);
      return isOpen === true && state.endedAt === undefined
        ? [{ type: 'LoadProbeTaken', ...of, probeId, takenAt: now }]
        : [];
    }
    case 'AnswerLoadProbe':
      return answerLoadProbe(command, state, now);
    case 'RecordLoadability':
      if (state.loadability !== undefined) return [];
      expectStatus(command, state, ['validating']);
      return [{ type: 'LoadabilityChecked', ...of, verdict: command.verdict, reason: command.reason, checkedAt: now }];
    case 'RecordValidation':
      return recordValidation(command, state, now);
    case 'StartStep':
      return startStep(command, state, now);
    case 'RecordJudgement':
      return recordJudgement(command.judgement, state);
    case 'PromoteRollout':
      return promote(state, now);
    case 'RefuseRollout':
      if (state.status === 'refused') return [];
      expectStatus(command, state, ['validating']);
      return [{ type: 'RolloutRefused', ...of, reason: command.reason, endedAt: now }];
    case 'RollBackRollout':
      if (state.status === 'rolled-back') return [];
      expectStatus(command, state, ['canary']);
      return [{ type: 'RolloutRolledBack', ...of, reason: command.reason, endedAt: now }];
    case 'AbortRollout':
      if (state.status === 'aborted') return [];
      expectStatus(command, state, ['validating', 'canary']);
      return [{ type: 'RolloutAborted', ...of, reason: command.reason, endedAt: now }];
    case 'SupersedeRollout':
      return supersedeRollout(command, state, now);
    case 'PromoteRolloutNow':
      return promoteNow(command, state, now);
    case 'PauseRollout':
      return pauseRollout(command, state, now);
    case 'ResumeRollout':
      return resumeRollout(command, state, now);
    case 'RequestApproval':
      return requestApproval(command, state, now);
    case 'DecideApproval':
      return decideApproval(command, state, now);
    case 'DelegateApproval':
      return delegateApproval(command, state, now);
    case 'RemindOfApproval':
      return remindOfApproval(command, state, now);
    case 'ExpireApproval':
      return expireApproval(command, state, now);
    case 'AwaitPerson':
      expectStatus(command, state, ['validating', 'canary']);
      if (state.taskToken === command.taskToken) return [];
      return [{ type: 'PersonAwaited', ...of, taskToken: command.taskToken }];
  }
}

function start(command: Of<'StartRollout'>, state: RolloutState | undefined, now: Instant): readonly RolloutEvent[] {
  if (state !== undefined) throw illegalTransition(command.type, state.status, 'no rollout of this id');
  if (command.champion === command.candidate)
    throw illegalTransition(command.type, `version ${command.candidate} is the champion`, 'another version');
  const { type: _, ...facts } = command;
  return [{ type: 'RolloutStarted', schemaVersion: 1, ...facts, startedAt: now }];
}

function recordValidation(command: Of<'RecordValidation'>, state: RolloutState, now: Instant): readonly RolloutEvent[] {
  if (state.validation !== undefined) return [];
  expectStatus(command, state, ['validating']);
  expectPass(command, state, 'loadability', state.loadability?.verdict === 'pass');
  const { verdict, paired, reason, holdoutAttempts, gates, slices } = command;
  return [
    {
      type: 'ValidationJudged',
      schemaVersion: 1,
      rolloutId: state.rolloutId,
      modelId: state.modelId,
      verdict,
      paired,
      reason,
      ...(holdoutAttempts !== undefined && { holdoutAttempts }),
      ...(gates && { gates }),
      ...(slices && { slices }),
      judgedAt: now,
    },
  ];
}

function startStep({ type, step }: Of<'StartStep'>, state: RolloutState, now: Instant): readonly RolloutEvent[] {
  expectStatus({ type }, state, ['validating', 'canary']);
  if (step === state.step) return [];
  const percent = canarySteps(state.policy)[step];
  if (step !== state.step + 1 || percent === undefined)
    throw illegalTransition(
      type,
      `step ${state.step}`,
      `the next of ${canarySteps(state.policy).length} canary steps, received ${step}`,
    );
  if (step === 0) expectPass({ type }, state, 'validation', isValidated(state));
  else expectPass({ type }, state, `step ${state.step}`, judgementOfStep(state)?.verdict === 'pass');
  expectFree({ type }, state, step);
  return [
    {
      type: 'CanaryStepStarted',
      schemaVersion: 1,
      rolloutId: state.rolloutId,
      modelId: state.modelId,
      step,
      percent,
      startedAt: now,
    },
  ];
}

function recordJudgement(judgement: StepJudgement, state: RolloutState): readonly RolloutEvent[] {
  expectStatus({ type: 'RecordJudgement' }, state, ['canary']);
  if (judgement.step !== state.step)
    throw illegalTransition(
      'RecordJudgement',
      `step ${state.step}`,
      `a judgement of that step, received one of step ${judgement.step}`,
    );
  if (state.judgements.some(({ step, judgedAt }) => step === judgement.step && judgedAt === judgement.judgedAt))
    return [];
  expectNoFail({ type: 'RecordJudgement' }, state);
  return [
    { type: 'CanaryStepJudged', schemaVersion: 1, rolloutId: state.rolloutId, modelId: state.modelId, judgement },
  ];
}

function promote(state: RolloutState, now: Instant): readonly RolloutEvent[] {
  if (state.status === 'promoted') return [];
  const command = { type: 'PromoteRollout' } as const;
  const steps = canarySteps(state.policy);
  expectStatus(command, state, steps.length === 0 ? ['validating'] : ['canary']);
  if (steps.length === 0) expectPass(command, state, 'validation', state.validation?.verdict === 'pass');
  else
    expectPass(
      command,
      state,
      'the last canary step',
      state.step === steps.length - 1 && judgementOfStep(state)?.verdict === 'pass',
    );
  expectFree(command, state, steps.length);
  return [
    { type: 'RolloutPromoted', schemaVersion: 1, rolloutId: state.rolloutId, modelId: state.modelId, endedAt: now },
  ];
}
