import { hourMillis, type Instant, toMillis } from '../time.ts';
import { isGranted, promotionIndex, refusal, reminderDueAt, waitingApproval } from './approval.ts';
import type { RolloutState, Verdict } from './rollout.ts';
import type { RolloutCommand } from './rollout-events.ts';
import { suspendedHours } from './suspended-time.ts';

/** What the workflow does next; `await`: until a person has acted, and to look again after `holdSeconds` at the latest. */
export type NextMove = 'advance' | 'promote' | 'hold' | 'await' | 'roll-back';
export type Move = { readonly next: NextMove; readonly holdSeconds: number };

/** Since the running step started, without the time in which it waited for people. */
export function elapsedHours(state: RolloutState, now: Instant): number {
  if (state.stepStartedAt === undefined) return 0;
  const hours = (toMillis(now) - toMillis(state.stepStartedAt)) / hourMillis;
  return hours - suspendedHours(state, state.stepStartedAt, now);
}

/** What follows from a verdict on the running step, or before the first one from a validation that passed. */
export function nextMove(state: RolloutState, verdict: Verdict, now: Instant): Move {
  if (verdict === 'fail' || refusal(state) !== undefined) return at('roll-back');
  if (state.pausedAt !== undefined || waitingApproval(state) !== undefined) return awaiting(state, now);
  if (verdict === 'pass') {
    const before = state.step + 1;
    if (!isGranted(state, before)) return awaiting(state, now);
    return at(before === promotionIndex(state.policy) ? 'promote' : 'advance');
  }
  const { maximumHoldHours, holdHours } = state.policy;
  const leftHours = maximumHoldHours - elapsedHours(state, now);
  return leftHours <= 0 ? at('roll-back') : { next: 'hold', holdSeconds: seconds(Math.min(holdHours, leftHours)) };
}

/** What the clock and the verdict ask for at a look, in order. */
export function dueCommands(state: RolloutState, verdict: Verdict, now: Instant): readonly RolloutCommand[] {
  if (state.endedAt !== undefined || verdict === 'fail') return [];
  const waiting = waitingApproval(state);
  if (waiting !== undefined) {
    const { approvalId, expiresAt } = waiting;
    const isOver = now >= expiresAt && state.pausedAt === undefined;
    return [{ type: isOver ? 'ExpireApproval' : 'RemindOfApproval', approvalId }];
  }
  const before = state.step + 1;
  const isAsked = verdict !== 'pass' || state.pausedAt !== undefined || refusal(state) || isGranted(state, before);
  return isAsked ? [] : [{ type: 'RequestApproval', before }];
}

function at(next: NextMove): Move {
  return { next, holdSeconds: 0 };
}

/** Looked at as often as ever, and when a reminder or the expiry is due. */
function awaiting(state: RolloutState, now: Instant): Move {
  const waiting = waitingApproval(state);
  const due = waiting === undefined ? [] : [waiting.expiresAt, reminderDueAt(state, waiting)];
  const hours = due.map((moment) => (toMillis(moment) - toMillis(now)) / hourMillis).filter((left) => left > 0);
  return { next: 'await', holdSeconds: seconds(Math.min(state.policy.holdHours, ...hours)) };
}

function seconds(hours: number): number {
  return Math.max(1, Math.ceil(hours * 3_600));
}
