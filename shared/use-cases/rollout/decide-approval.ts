import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { answerRollout } from './await-person.ts';
import { changeRollout } from './change-rollout.ts';
import { rolloutOfApproval } from './rollout-of-approval.ts';
import { type ApprovalView, viewApproval } from './view-approvals.ts';

type Request = { readonly approvalId: string; readonly actor: Actor; readonly now: Instant };
type Ports = { readonly events: EventStore; readonly workflows: WorkflowEngine };

/**
 * A person's yes or no, which the waiting workflow hears at once; the same again, and it hears it again. Throws
 * `NotFound`, `IllegalTransition` when it is decided or expired, and `NotAuthorized` (code `four-eyes`).
 */
export async function decideApproval(
  { events, workflows }: Ports,
  request: Request & { readonly decision: 'approve' | 'reject'; readonly comment?: string | undefined },
): Promise<ApprovalView> {
  const { approvalId, actor, now, decision, comment } = request;
  const command = { type: 'DecideApproval', approvalId, decision, by: actor.id, comment } as const;
  const word = decision === 'approve' ? 'approved' : 'rejected';
  const context = { actor, now, reason: comment === undefined ? word : `${word}: ${comment}` };
  const state = await changeRollout(events, expectRollout(approvalId), command, context);
  await answerRollout(workflows, state, now);
  return view(events, state, approvalId);
}

/** Lets somebody else decide as well. Throws as deciding does. */
export async function delegateApproval(
  events: EventStore,
  { approvalId, actor, now, to, comment }: Request & { readonly to: string; readonly comment?: string | undefined },
): Promise<ApprovalView> {
  const command = { type: 'DelegateApproval', approvalId, to, by: actor.id } as const;
  const context = { actor, now, reason: comment ?? `delegated to ${to}` };
  const state = await changeRollout(events, expectRollout(approvalId), command, context);
  return view(events, state, approvalId);
}

function expectRollout(approvalId: string): string {
  const rolloutId = rolloutOfApproval(approvalId);
  if (rolloutId === undefined) throw notFound('approval', approvalId);
  return rolloutId;
}

async function view(events: EventStore, state: RolloutState, approvalId: string): Promise<ApprovalView> {
  const approval = await viewApproval(events, state, approvalId);
  if (approval === undefined) throw notFound('approval', approvalId);
  return approval;
}
