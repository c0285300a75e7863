import { illegalTransition } from '../errors.ts';
import type { Instant } from '../time.ts';
import type { RetrainState } from './retrain.ts';
import type { RetrainCommand, RetrainEvent } from './retrain-events.ts';

type WaitingCommand = Extract<RetrainCommand, { type: 'HoldRetrain' | 'ReleaseRetrain' | 'BumpRetrain' }>;

/** What a person does to a retrain that waits; nothing when it is so already. Throws `IllegalTransition` once it has started. */
export function decideWaiting(command: WaitingCommand, state: RetrainState, now: Instant): readonly RetrainEvent[] {
  const of = { schemaVersion: 1, retrainId: state.retrainId, modelId: state.modelId } as const;
  expectStatus(command.type, state, ['queued']);
  switch (command.type) {
    case 'HoldRetrain': {
      const { by, reason } = command;
      return state.hold === undefined ? [{ type: 'RetrainHeld', ...of, hold: { by, reason, since: now } }] : [];
    }
    case 'ReleaseRetrain':
      return state.hold === undefined ? [] : [{ type: 'RetrainReleased', ...of }];
    case 'BumpRetrain':
      return command.bump === (state.bump ?? 0) ? [] : [{ type: 'RetrainBumped', ...of, bump: command.bump }];
  }
}

/** Throws `IllegalTransition` in every other status. */
export function expectStatus(
  command: RetrainCommand['type'],
  state: RetrainState,
  allowed: readonly RetrainState['status'][],
): void {
  if (!allowed.includes(state.status)) throw illegalTransition(command, state.status, allowed.join(' or '));
}
