import {
  decideSlots,
  evolveSlots,
  noSlots,
  type RetrainingSlots,
  type SlotCommand,
} from '../../domain/retraining/slots.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';

/** One stream for all. */
export const retrainingSlots = 'retraining-slots';

/** Version 0 before the first retrain. */
export async function loadSlots(store: EventStore): Promise<Head<RetrainingSlots>> {
  return (
    (await store.head<RetrainingSlots>(retrainingSlots)) ?? {
      streamId: retrainingSlots,
      version: 0,
      state: noSlots,
      hash: '',
    }
  );
}

/** What the command would append; nothing when it changes nothing. */
export function planSlotChange(
  head: Head<RetrainingSlots>,
  command: SlotCommand,
  { actor, now, reason, correlationId }: ChangeContext,
): readonly NewCommit[] {
  const events = decideSlots(command, head.state);
  if (events.length === 0) return [];
  const state = events.reduce(evolveSlots, head.state);
  return [
    {
      streamId: retrainingSlots,
      expectedVersion: head.version,
      events,
      state,
      lists: [],
      actor,
      reason,
      occurredAt: now,
      correlationId,
    },
  ];
}
