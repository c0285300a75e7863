import type { CascadeMember, CascadeState } from './cascade.ts';
import type { CascadeEvent } from './cascade-events.ts';

/** Folds one event into the head. Throws when the stream does not begin with `CascadeOpened`. */
export function evolveCascade(state: CascadeState | undefined, event: CascadeEvent): CascadeState {
  if (event.type === 'CascadeOpened') {
    const { type: _, schemaVersion: __, ...promotion } = event;
    return { ...promotion, status: 'opened', members: [] };
  }
  if (state === undefined) throw new Error(`a cascade cannot begin with ${event.type}`);
  switch (event.type) {
    case 'CascadePlanned':
      return {
        ...state,
        status: 'running',
        plan: event.plan,
        members: event.members.map((member) => ({ ...member, status: 'waiting' })),
      };
    case 'CascadeRetrainRequested':
      return change(state, event.modelId, ({ hold: _, ...member }) => ({
        ...member,
        status: 'requested',
        retrainId: event.retrainId,
        requestedAt: event.requestedAt,
      }));
    case 'CascadeRetrainHeld':
      return change(state, event.modelId, (member) => ({ ...member, hold: event.reason }));
    case 'CascadeRetrainSkipped':
      return change(state, event.modelId, (member) => skipped(member, event.reason, event.endedAt));
    case 'CascadeRetrainEnded':
      return change(state, event.modelId, (member) => ({
        ...member,
        status: event.result,
        endedAt: event.endedAt,
        ...(event.reason !== undefined && { reason: event.reason }),
      }));
    case 'CascadeStopped': {
      const { stop } = event;
      const reason = `${stop.kind}: ${stop.reason}`;
      return {
        ...state,
        stop,
        members: state.members.map((member) =>
          member.status === 'waiting' ? skipped(member, reason, stop.at) : member,
        ),
      };
    }
    case 'CascadeEnded':
      return { ...state, status: 'ended', endedAt: event.endedAt };
  }
}

function change(state: CascadeState, modelId: string, changed: (member: CascadeMember) => CascadeMember): CascadeState {
  return {
    ...state,
    members: state.members.map((member) => (member.modelId === modelId ? changed(member) : member)),
  };
}

function skipped({ hold: _, ...member }: CascadeMember, reason: string, endedAt: string): CascadeMember {
  return { ...member, status: 'skipped', reason, endedAt };
}
