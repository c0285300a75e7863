import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import { waitingApproval } from '../../domain/rollout/approval.ts';
import type { Approval, RolloutState } from '../../domain/rollout/rollout.ts';
import { waitingRollouts } from '../../domain/rollout/rollout-lists.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { teamOf } from '../registry/team-of.ts';
import { rolloutOfApproval } from './rollout-of-approval.ts';

/** What somebody has to know to decide. */
export type ApprovalView = Approval & {
  readonly rolloutId: string;
  readonly modelId: string;
  readonly team: string;
  readonly champion: number;
  readonly candidate: number;
  /** Who asked for the rollout and therefore does not approve it. */
  readonly requestedBy: readonly string[];
  readonly onExpiry: 'roll-back' | 'proceed';
  readonly isPaused: boolean;
  /** The newest verdict that it rests on. */
  readonly evidence?: { readonly verdict: string; readonly reason: string; readonly judgedAt: string };
};

/**
 * Approvals that wait and that the actor may decide about, by age of their rollouts: of the teams they approve for,
 * delegated to them, or all for an admin. A page may hold fewer than asked for while there are more.
 */
export async function listApprovals(
  events: EventStore,
  actor: Actor,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<ApprovalView>> {
  let at = cursor;
  for (;;) {
    const page = await events.list<RolloutState>(waitingRollouts, { limit, ...(at !== undefined && { cursor: at }) });
    const views = await Promise.all(page.items.map(({ state }) => waitingView(events, state)));
    const items = views.filter((view) => view !== undefined).filter((view) => mayDecide(actor, view));
    if (items.length > 0 || page.cursor === undefined)
      return { items, ...(page.cursor !== undefined && { cursor: page.cursor }) };
    at = page.cursor;
  }
}

/** Throws `NotFound` (code `unknown-approval`). */
export async function getApproval(events: EventStore, approvalId: string): Promise<ApprovalView> {
  const state = await stateOf(events, approvalId);
  const view = state && (await viewApproval(events, state, approvalId));
  if (view === undefined) throw notFound('approval', approvalId);
  return view;
}

/** Whose approval it is, for the question who may decide; undefined when there is none. */
export async function ownersOfApproval(
  events: EventStore,
  approvalId: string,
): Promise<{ readonly team: string; readonly delegates: readonly string[] } | undefined> {
  const state = await stateOf(events, approvalId);
  return state && viewApproval(events, state, approvalId);
}

/** One of the rollout's approvals; undefined when it has none of this id. */
export async function viewApproval(
  events: EventStore,
  state: RolloutState,
  approvalId: string,
): Promise<ApprovalView | undefined> {
  const approval = state.approvals?.find((each) => each.approvalId === approvalId);
  const team = await teamOf(events, state.modelId);
  if (approval === undefined || team === undefined) return undefined;
  const { rolloutId, modelId, champion, candidate, requestedBy = [], validation, policy } = state;
  const last = state.judgements.at(-1) ?? validation;
  return {
    ...approval,
    rolloutId,
    modelId,
    team,
    champion,
    candidate,
    requestedBy,
    onExpiry: policy.approvals?.onExpiry ?? 'roll-back',
    isPaused: state.pausedAt !== undefined,
    ...(last && { evidence: { verdict: last.verdict, reason: last.reason, judgedAt: last.judgedAt } }),
  };
}

function waitingView(events: EventStore, state: RolloutState): Promise<ApprovalView | undefined> {
  const approval = waitingApproval(state);
  return approval === undefined ? Promise.resolve(undefined) : viewApproval(events, state, approval.approvalId);
}

async function stateOf(events: EventStore, approvalId: string): Promise<RolloutState | undefined> {
  const rolloutId = rolloutOfApproval(approvalId);
  return rolloutId === undefined ? undefined : (await events.head<RolloutState>(rolloutStream(rolloutId)))?.state;
}

function mayDecide({ id, roles }: Actor, { team, delegates }: ApprovalView): boolean {
  return roles.includes('admin') || roles.includes(`approver:${team}`) || delegates.includes(id);
}
