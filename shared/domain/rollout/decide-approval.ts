import { illegalTransition, notFound, RunwayError } from '../errors.ts';
import { hourMillis, type Instant, toInstant, toMillis } from '../time.ts';
import { approvalsFor, isGated, promotionIndex, reminderDueAt } from './approval.ts';
import type { Approval, RolloutState } from './rollout.ts';
import type { RolloutCommand, RolloutEvent } from './rollout-events.ts';
import { about, expectNoFail, expectPass, expectStatus, isValidated, judgementOfStep } from './rollout-guards.ts';

type Of<T extends RolloutCommand['type']> = Extract<RolloutCommand, { type: T }>;

/** Asks for the consent before a step, once; only what has passed until there is put before people. */
export function requestApproval(command: Of<'RequestApproval'>, state: RolloutState, now: Instant) {
  const { before } = command;
  expectStatus(command, state, ['validating', 'canary']);
  if (approvalsFor(state, before).length > 0) return [];
  const rules = state.policy.approvals;
  if (rules === undefined || before !== state.step + 1 || !isGated(state, before))
    throw illegalTransition(command.type, `step ${state.step}`, `a gate before the next step, received ${before}`);
  const hasPassed = before === 0 ? isValidated(state) : judgementOfStep(state)?.verdict === 'pass';
  expectPass(command, state, before === 0 ? 'validation' : `step ${state.step}`, hasPassed);
  const event: RolloutEvent = {
    type: 'ApprovalRequested',
    ...about(state),
    approvalId: `${state.rolloutId}-a${(state.approvals?.length ?? 0) + 1}`,
    before,
    percent: before === promotionIndex(state.policy) ? 100 : (state.policy.steps[before] ?? 100),
    requestedAt: now,
    expiresAt: toInstant(toMillis(now) + rules.expiryHours * hourMillis),
  };
  return [event];
}

/**
 * A person's yes or no; the same again changes nothing. Throws `IllegalTransition` when it is decided or expired, and
 * `NotAuthorized` (code `four-eyes`) when whoever asked for the rollout says yes.
 */
export function decideApproval(
  command: Of<'DecideApproval'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const { decision, by, comment } = command;
  const approval = find(state, command.approvalId);
  const status = decision === 'approve' ? 'approved' : 'rejected';
  if (approval.status === status && approval.decidedBy === by) return [];
  expectWaiting(command, approval, now);
  if (decision === 'approve') {
    expectFourEyes(state, by, 'approve it');
    expectNoFail(command, state);
  }
  return [
    {
      type: 'ApprovalDecided',
      ...about(state),
      approvalId: approval.approvalId,
      decision,
      by,
      ...(comment !== undefined && { comment }),
      decidedAt: now,
    },
  ];
}

/** Lets somebody else decide, too. Whoever asked for the rollout neither chooses the judge nor is one. */
export function delegateApproval(
  command: Of<'DelegateApproval'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const { approvalId, to, by } = command;
  const approval = find(state, approvalId);
  expectWaiting(command, approval, now);
  expectFourEyes(state, by, 'delegate its approval');
  expectFourEyes(state, to, 'be given its approval');
  if (approval.delegates.includes(to)) return [];
  return [{ type: 'ApprovalDelegated', ...about(state), approvalId, to, by, delegatedAt: now }];
}

/** Time to say again that somebody has to decide; nothing before it is. */
export function remindOfApproval(
  { approvalId }: Of<'RemindOfApproval'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const approval = find(state, approvalId);
  if (approval.status !== 'waiting' || now < reminderDueAt(state, approval)) return [];
  const { requestedAt, expiresAt, percent, delegates } = approval;
  return [
    {
      type: 'ApprovalReminded',
      ...about(state),
      approvalId,
      percent,
      requestedAt,
      expiresAt,
      delegates,
      remindedAt: now,
    },
  ];
}

/** Nobody decided in time. Nothing while the rollout is paused, which stops this clock. */
export function expireApproval(
  { approvalId }: Of<'ExpireApproval'>,
  state: RolloutState,
  now: Instant,
): readonly RolloutEvent[] {
  const approval = find(state, approvalId);
  const isDue = approval.status === 'waiting' && state.pausedAt === undefined && now >= approval.expiresAt;
  const onExpiry = state.policy.approvals?.onExpiry ?? 'roll-back';
  return isDue ? [{ type: 'ApprovalExpired', ...about(state), approvalId, onExpiry, expiredAt: now }] : [];
}

/** Throws `NotAuthorized` (code `four-eyes`) for whoever caused the rollout. */
export function expectFourEyes({ rolloutId, requestedBy = [] }: RolloutState, person: string, what: string): void {
  if (!requestedBy.includes(person)) return;
  const message = `${person} asked for ${rolloutId} and cannot ${what}, expected somebody else`;
  throw new RunwayError('NotAuthorized', 'four-eyes', message);
}

function find({ approvals = [] }: RolloutState, approvalId: string): Approval {
  const approval = approvals.find((each) => each.approvalId === approvalId);
  if (approval === undefined) throw notFound('approval', approvalId);
  return approval;
}

function expectWaiting({ type }: Pick<RolloutCommand, 'type'>, { status, expiresAt }: Approval, now: Instant): void {
  if (status !== 'waiting') throw illegalTransition(type, status, 'an approval that waits');
  if (now >= expiresAt) throw illegalTransition(type, `expired at ${expiresAt}`, 'an approval that waits');
}
