import type { Policy } from '../registry/policy.ts';
import { hourMillis, type Instant, toInstant, toMillis } from '../time.ts';
import type { Approval, RolloutState } from './rollout.ts';

type Rollout = Pick<RolloutState, 'policy' | 'approvals'>;
type Gate = NonNullable<Policy['rollout']['approvals']>['before'][number];

/** Number of canary steps: the index that stands for the promotion. */
export function promotionIndex({ steps }: Pick<Policy['rollout'], 'steps'>): number {
  return steps.filter((percent) => percent < 100).length;
}

/** Whether the policy asks a person before this step. */
export function isGated({ policy }: Pick<RolloutState, 'policy'>, before: number): boolean {
  const isThis = (gate: Gate) => {
    if (gate === 'first-step') return before === 0;
    return gate === 'promotion' ? before === promotionIndex(policy) : policy.steps[before] === gate;
  };
  return policy.approvals?.before.some(isThis) ?? false;
}

/** Whether the step may begin as far as people are concerned; an approval that expired counts where the policy says so. */
export function isGranted(state: Rollout, before: number): boolean {
  return !isGated(state, before) || approvalsFor(state, before).some((approval) => isConsent(state, approval));
}

export function waitingApproval({ approvals = [] }: Pick<RolloutState, 'approvals'>): Approval | undefined {
  return approvals.find(({ status }) => status === 'waiting');
}

/** The approval that ends the rollout: rejected, or expired under a policy that then rolls back. */
export function refusal(state: Rollout): Approval | undefined {
  return (state.approvals ?? []).find(
    (approval) => ['rejected', 'expired'].includes(approval.status) && !isConsent(state, approval),
  );
}

/** Why an approval ended the rollout, in words. */
export function refusalText({ status, decidedBy, comment, percent, requestedAt }: Approval): string {
  const what = percent === 100 ? 'the promotion' : `${percent} % of the traffic`;
  if (status === 'expired') return `nobody decided about ${what} since ${requestedAt}`;
  return `${decidedBy ?? 'somebody'} rejected ${what}${comment === undefined ? '' : `: ${comment}`}`;
}

/** When the next reminder is due. */
export function reminderDueAt({ policy }: Pick<RolloutState, 'policy'>, approval: Approval): Instant {
  const hours = policy.approvals?.reminderHours ?? 0;
  return toInstant(toMillis(approval.remindedAt ?? approval.requestedAt) + hours * hourMillis);
}

export function approvalsFor({ approvals = [] }: Pick<RolloutState, 'approvals'>, before: number): readonly Approval[] {
  return approvals.filter((approval) => approval.before === before);
}

function isConsent({ policy }: Rollout, { status }: Approval): boolean {
  return status === 'approved' || (status === 'expired' && policy.approvals?.onExpiry === 'proceed');
}
