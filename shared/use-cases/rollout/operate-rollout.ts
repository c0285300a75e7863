import type { Actor } from '../../domain/actor.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { answerRollout } from './await-person.ts';
import { changeRollout } from './change-rollout.ts';

/** What a person asks of a rollout, and why. */
export type PersonsRequest = {
  readonly rolloutId: string;
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Instant;
};

/** No further step until it is resumed; judged on meanwhile. Throws `NotFound`, and `IllegalTransition` when it has ended. */
export function pauseRollout(
  events: EventStore,
  { rolloutId, actor, reason, now }: PersonsRequest,
): Promise<RolloutState> {
  return changeRollout(events, rolloutId, { type: 'PauseRollout', by: actor.id, reason }, { actor, reason, now });
}

/** Goes on at once where its workflow waits, else at the next look. Throws as pausing does. */
export async function resumeRollout(
  { events, workflows }: { readonly events: EventStore; readonly workflows: WorkflowEngine },
  { rolloutId, actor, reason, now }: PersonsRequest,
): Promise<RolloutState> {
  const command = { type: 'ResumeRollout', by: actor.id, reason } as const;
  const state = await changeRollout(events, rolloutId, command, { actor, reason, now });
  await answerRollout(workflows, state, now);
  return state;
}
