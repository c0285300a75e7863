import { illegalTransition, notFound } from '../../errors.ts';
import type { Instant } from '../../time.ts';
import type { CascadeMember, CascadeState } from './cascade.ts';
import type { CascadeCommand, CascadeEvent } from './cascade-events.ts';
import { evolveCascade } from './evolve-cascade.ts';

/**
 * What a command does to a cascade; nothing when it was done before. With the last member the cascade ends. Throws
 * `IllegalTransition` when the command is not possible any more.
 */
export function decideCascade(
  command: CascadeCommand,
  state: CascadeState | undefined,
  now: Instant,
): readonly CascadeEvent[] {
  if (command.type === 'OpenCascade') return open(command, state, now);
  if (state === undefined) throw notFound('cascade', command.type);
  const events = decideOpened(command, state, now);
  if (events.length === 0) return [];
  const after = events.reduce(evolveCascade, state);
  const isUnderWay = after.members.some(({ status }) => status === 'waiting' || status === 'requested');
  return isUnderWay ? events : [...events, { type: 'CascadeEnded', ...about(state), endedAt: now }];
}

function open(
  { type: _, ...promotion }: Extract<CascadeCommand, { type: 'OpenCascade' }>,
  state: CascadeState | undefined,
  now: Instant,
): readonly CascadeEvent[] {
  if (state?.rolloutId === promotion.rolloutId) return [];
  return [{ type: 'CascadeOpened', schemaVersion: 1, ...promotion, promotedAt: now }];
}

function decideOpened(
  command: Exclude<CascadeCommand, { type: 'OpenCascade' }>,
  state: CascadeState,
  now: Instant,
): readonly CascadeEvent[] {
  switch (command.type) {
    case 'PlanCascade':
      if (state.status !== 'opened') return [];
      return [{ type: 'CascadePlanned', ...about(state), plan: command.plan, members: command.members }];
    case 'RequestMember': {
      const { modelId, retrainId } = command;
      if (isIn(state, modelId, 'requested')) return [];
      expectWaiting(command, state);
      return [{ type: 'CascadeRetrainRequested', ...about(state), modelId, retrainId, requestedAt: now }];
    }
    case 'HoldMember': {
      const { modelId, reason } = command;
      if (expectWaiting(command, state).hold === reason) return [];
      return [{ type: 'CascadeRetrainHeld', ...about(state), modelId, reason }];
    }
    case 'SkipMember': {
      const { modelId, reason } = command;
      if (isIn(state, modelId, 'skipped')) return [];
      expectWaiting(command, state);
      return [{ type: 'CascadeRetrainSkipped', ...about(state), modelId, reason, endedAt: now }];
    }
    case 'EndMember': {
      const { modelId, result, reason, endedAt } = command;
      const { status } = memberOf(command, state);
      if (status === result) return [];
      if (status !== 'requested') throw illegalTransition(command.type, status, 'requested');
      return [{ type: 'CascadeRetrainEnded', ...about(state), modelId, result, endedAt, ...(reason && { reason }) }];
    }
    case 'StopCascade': {
      const { kind, by, reason } = command;
      if (state.stop !== undefined) return [];
      if (state.status === 'ended') throw illegalTransition(command.type, 'ended', 'opened or running');
      return [{ type: 'CascadeStopped', ...about(state), stop: { kind, by, at: now, reason } }];
    }
  }
}

function about({ cascadeId }: CascadeState) {
  return { schemaVersion: 1, cascadeId } as const;
}

function memberOf(command: CascadeCommand & { readonly modelId: string }, state: CascadeState): CascadeMember {
  const member = state.members.find(({ modelId }) => modelId === command.modelId);
  if (member === undefined)
    throw illegalTransition(command.type, `without ${command.modelId}`, 'one of the cascade’s models');
  return member;
}

function expectWaiting(command: CascadeCommand & { readonly modelId: string }, state: CascadeState): CascadeMember {
  const member = memberOf(command, state);
  if (member.status !== 'waiting') throw illegalTransition(command.type, member.status, 'waiting');
  return member;
}

function isIn(state: CascadeState, modelId: string, status: CascadeMember['status']): boolean {
  return state.members.some((member) => member.modelId === modelId && member.status === status);
}
