import { systemActor } from '../../domain/actor.ts';
import { dueCommands, nextMove } from '../../domain/rollout/next-move.ts';
import type { RolloutState, Verdict } from '../../domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../domain/rollout/rollout-events.ts';
import { isValidated, judgementOfStep } from '../../domain/rollout/rollout-guards.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import { planRolloutChange } from './change-rollout.ts';

/**
 * What the workflow does next; `step` is the canary step that is meant, `holdSeconds` the wait before it. `done`: the
 * rollout has ended.
 */
export type Move = {
  readonly next: 'canary' | 'advance' | 'promote' | 'hold' | 'await' | 'refuse' | 'roll-back' | 'done';
  readonly step: number;
  readonly holdSeconds: number;
};

/** Records what was found, and in the same append what the clock asks for; gives the next move. */
export async function look(
  events: EventStore,
  head: Head<RolloutState>,
  found: readonly RolloutCommand[],
  { now, reason }: { readonly now: Instant; readonly reason: string },
): Promise<Move> {
  const context = { actor: systemActor('rollout'), now, reason };
  const { rolloutId } = head.state;
  const recorded = planRolloutChange(rolloutId, head, found, context).state ?? head.state;
  const commands = [...found, ...dueCommands(recorded, verdictOf(recorded), now)];
  const { commits, state = head.state } = planRolloutChange(rolloutId, head, commands, context);
  if (commits.length > 0) await events.append(commits);
  return moveOf(state, now);
}

/** A look at nothing but whom the rollout waits for. */
export function lookAtPeople(events: EventStore, head: Head<RolloutState>, now: Instant): Promise<Move> {
  return look(events, head, [], { now, reason: 'the rollout waits for a person' });
}

/** What follows from the state as it is. */
export function moveOf(state: RolloutState, now: Instant): Move {
  const { step, status } = state;
  if (state.endedAt !== undefined) return { next: 'done', step, holdSeconds: 0 };
  const { next, holdSeconds } = nextMove(state, verdictOf(state), now);
  if (status === 'canary') return { next, step: next === 'advance' ? step + 1 : step, holdSeconds };
  if (next === 'await') return { next, step: 0, holdSeconds };
  if (next === 'roll-back' || next === 'hold') return { next: 'refuse', step: 0, holdSeconds: 0 };
  return { next: next === 'promote' ? 'promote' : 'canary', step: 0, holdSeconds: 0 };
}

/** Of the running step, or of the validation while none runs. */
function verdictOf(state: RolloutState): Verdict {
  if (state.status !== 'validating') return judgementOfStep(state)?.verdict ?? 'inconclusive';
  // A hold-out is looked at once: what it did not show by then, it never shows.
  return isValidated(state) ? 'pass' : 'fail';
}
