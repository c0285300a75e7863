import { illegalTransition } from '../errors.ts';
import type { Instant } from '../time.ts';
import { expectFourEyes } from './decide-approval.ts';
import type { RolloutState } from './rollout.ts';
import type { RolloutCommand, RolloutEvent } from './rollout-events.ts';
import { about, expectNoFail, expectPass, expectStatus, judgementOfStep } from './rollout-guards.ts';

type Of<T extends RolloutCommand['type']> = Extract<RolloutCommand, { type: T }>;

/** No further step and no promotion until it is resumed; what serves is judged on, and rolls back on a breach. */
export function pauseRollout(command: Of<'PauseRollout'>, state: RolloutState, now: Instant): readonly RolloutEvent[] {
  expectStatus(command, state, ['validating', 'canary']);
  if (state.pausedAt !== undefined) return [];
  return [{ type: 'RolloutPaused', ...about(state), by: command.by, reason: command.reason, pausedAt: now }];
}

export function resumeRollout(
  command: Of<'ResumeRollout'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  expectStatus(command, state, ['validating', 'canary']);
  if (state.pausedAt === undefined) return [];
  return [
    {
      type: 'RolloutResumed',
      ...about(state),
      by: command.by,
      reason: command.reason,
      pausedAt: state.pausedAt,
      resumedAt: now,
    },
  ];
}

/**
 * A person promotes a candidate that serves, whatever the running step still waits for. Never after a fail, and never
 * whoever asked for the rollout.
 */
export function promoteNow(
  command: Of<'PromoteRolloutNow'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const { by, reason } = command;
  if (state.status === 'promoted' && state.forced?.by === by) return [];
  expectStatus(command, state, ['canary']);
  expectNoFail(command, state);
  expectPass(command, state, 'validation', state.validation?.verdict === 'pass');
  expectFourEyes(state, by, 'promote it');
  const verdict = judgementOfStep(state)?.verdict;
  return [
    {
      type: 'PromotionForced',
      ...about(state),
      by,
      reason,
      step: state.step,
      ...(verdict !== undefined && { verdict }),
      forcedAt: now,
    },
    { type: 'RolloutPromoted', ...about(state), endedAt: now },
  ];
}

/** A newer candidate takes its place. Throws `IllegalTransition` where the policy refuses the newer one. */
export function supersedeRollout(
  command: Of<'SupersedeRollout'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const { candidate } = command;
  if (state.status === 'superseded' && state.supersededBy === candidate) return [];
  expectStatus(command, state, ['validating', 'canary']);
  if (!isSuperseded(state, candidate))
    throw illegalTransition(command.type, `step ${state.step}`, `a policy that gives way to version ${candidate}`);
  return [
    {
      type: 'RolloutSuperseded',
      ...about(state),
      candidate,
      reason: `version ${candidate} takes the place of version ${state.candidate}`,
      endedAt: now,
    },
  ];
}

/** Whether the rollout gives way to another candidate now, as its policy says. */
export function isSuperseded(state: RolloutState, candidate: number): boolean {
  if (state.endedAt !== undefined || candidate <= state.candidate) return false;
  const rule = state.policy.onNewerCandidate ?? 'supersede-before-first-step';
  return rule === 'supersede' || (rule === 'supersede-before-first-step' && state.status === 'validating');
}
