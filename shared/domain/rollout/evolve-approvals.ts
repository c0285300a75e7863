import type { Approval } from './rollout.ts';
import type { RolloutEvent } from './rollout-events.ts';

type ApprovalEvent = Extract<
  RolloutEvent,
  { type: 'ApprovalRequested' | 'ApprovalDelegated' | 'ApprovalReminded' | 'ApprovalDecided' | 'ApprovalExpired' }
>;

/** The approvals after one event about one of them. */
export function evolveApprovals(approvals: readonly Approval[], event: ApprovalEvent): readonly Approval[] {
  if (event.type === 'ApprovalRequested') {
    const { approvalId, before, percent, requestedAt, expiresAt } = event;
    return [...approvals, { approvalId, before, percent, status: 'waiting', requestedAt, expiresAt, delegates: [] }];
  }
  return approvals.map((each) => (each.approvalId === event.approvalId ? evolve(each, event) : each));
}

function evolve(approval: Approval, event: Exclude<ApprovalEvent, { type: 'ApprovalRequested' }>): Approval {
  switch (event.type) {
    case 'ApprovalDelegated':
      return { ...approval, delegates: [...approval.delegates, event.to] };
    case 'ApprovalReminded':
      return { ...approval, remindedAt: event.remindedAt };
    case 'ApprovalExpired':
      return { ...approval, status: 'expired', decidedAt: event.expiredAt };
    case 'ApprovalDecided': {
      const { decision, by, comment, decidedAt } = event;
      const status = decision === 'approve' ? 'approved' : 'rejected';
      return { ...approval, status, decidedBy: by, decidedAt, ...(comment !== undefined && { comment }) };
    }
  }
}
