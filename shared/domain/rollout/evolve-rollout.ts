import { toInstant, toMillis } from '../time.ts';
import { evolveApprovals } from './evolve-approvals.ts';
import type { Approval, RolloutState } from './rollout.ts';
import type { RolloutEvent } from './rollout-events.ts';

type Ended = Exclude<RolloutState['status'], 'validating' | 'canary'>;

/** Folds one event into the head. Throws when the stream does not begin with `RolloutStarted`. */
export function evolveRollout(state: RolloutState | undefined, event: RolloutEvent): RolloutState {
  if (event.type === 'RolloutStarted') {
    const { type: _, schemaVersion: __, ...facts } = event;
    return { ...facts, status: 'validating', step: -1, judgements: [] };
  }
  if (state === undefined) throw new Error(`a rollout cannot begin with ${event.type}`);
  switch (event.type) {
    case 'LoadProbeRequested': {
      const { type: _, schemaVersion: __, rolloutId: ___, modelId: ____, ...probe } = event;
      return { ...state, loadProbes: [...(state.loadProbes ?? []), probe] };
    }
    case 'LoadProbeTaken': {
      const { probeId, takenAt } = event;
      const loadProbes = state.loadProbes?.map((probe) => (probe.probeId === probeId ? { ...probe, takenAt } : probe));
      return { ...state, ...(loadProbes && { loadProbes }) };
    }
    case 'LoadProbeAnswered': {
      const { probeId, answer } = event;
      const loadProbes = state.loadProbes?.map((probe) => (probe.probeId === probeId ? { ...probe, answer } : probe));
      return { ...state, ...(loadProbes && { loadProbes }) };
    }
    case 'LoadabilityChecked':
      return { ...state, loadability: { verdict: event.verdict, checkedAt: event.checkedAt, reason: event.reason } };
    case 'ValidationJudged': {
      const { type: _, schemaVersion: __, rolloutId: ___, modelId: ____, ...validation } = event;
      return { ...state, validation };
    }
    case 'CanaryStepStarted':
      return {
        ...state,
        status: 'canary',
        step: event.step,
        stepStartedAt: event.startedAt,
        ...((event.step === 0 || state.stepStarts !== undefined) && {
          stepStarts: [...(state.stepStarts ?? []), event.startedAt],
        }),
      };
    case 'CanaryStepJudged':
      return { ...state, judgements: [...state.judgements, event.judgement] };
    case 'RolloutPromoted':
      return ended(state, 'promoted', event);
    case 'RolloutRefused':
      return ended(state, 'refused', event);
    case 'RolloutRolledBack':
      return ended(state, 'rolled-back', event);
    case 'RolloutAborted':
      return ended(state, 'aborted', event);
    case 'RolloutSuperseded':
      return { ...ended(state, 'superseded', event), supersededBy: event.candidate };
    case 'PromotionForced': {
      const { by, reason, forcedAt } = event;
      return { ...state, forced: { by, reason, forcedAt } };
    }
    case 'RolloutPaused': {
      const { by, reason, pausedAt } = event;
      return { ...state, pausedAt, pauses: [...(state.pauses ?? []), { by, reason, pausedAt }] };
    }
    case 'RolloutResumed':
      return resumed(state, event);
    case 'PersonAwaited':
      return { ...state, taskToken: event.taskToken };
    case 'ApprovalRequested':
    case 'ApprovalDelegated':
    case 'ApprovalReminded':
    case 'ApprovalDecided':
    case 'ApprovalExpired':
      return { ...state, approvals: evolveApprovals(state.approvals ?? [], event) };
  }
}

/** Nobody decides about a rollout that has ended, and nobody waits for them. */
function ended(
  { taskToken: _token, pausedAt: _paused, ...state }: RolloutState,
  status: Ended,
  { endedAt, ...event }: { readonly endedAt: string; readonly reason?: string },
): RolloutState {
  const { approvals } = state;
  const left = approvals?.map((each): Approval => (each.status === 'waiting' ? { ...each, status: 'void' } : each));
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  return { ...state, status, endedAt, ...reason, ...(left && { approvals: left }) };
}

/** A pause stops the clock of whoever has to decide. */
function resumed(
  { pausedAt: _paused, ...state }: RolloutState,
  { by, pausedAt, resumedAt }: Extract<RolloutEvent, { type: 'RolloutResumed' }>,
): RolloutState {
  const pauses = (state.pauses ?? []).map((pause) =>
    pause.resumedAt === undefined ? { ...pause, resumedAt, resumedBy: by } : pause,
  );
  const approvals = state.approvals?.map((approval): Approval => {
    if (approval.status !== 'waiting') return approval;
    const stopped = toMillis(resumedAt) - Math.max(toMillis(pausedAt), toMillis(approval.requestedAt));
    return { ...approval, expiresAt: toInstant(toMillis(approval.expiresAt) + Math.max(0, stopped)) };
  });
  return { ...state, pauses, ...(approvals && { approvals }) };
}
