import { illegalTransition } from '../errors.ts';

/**
 * Head of the stream `retraining-slots`: the retrains that run now. One stream, so that optimistic concurrency makes the
 * limit exact however many dispatchers there are.
 */
export type RetrainingSlots = { readonly active: readonly string[] };

export type SlotEvent =
  | { readonly type: 'SlotTaken'; readonly schemaVersion: 1; readonly retrainId: string }
  | { readonly type: 'SlotReleased'; readonly schemaVersion: 1; readonly retrainId: string };

export type SlotCommand =
  | { readonly type: 'TakeSlot'; readonly retrainId: string; readonly limit: number }
  | { readonly type: 'ReleaseSlot'; readonly retrainId: string };

export const noSlots: RetrainingSlots = { active: [] };

/** Nothing when the slot is taken, or released, already. Throws `IllegalTransition` when every slot is taken. */
export function decideSlots(command: SlotCommand, { active }: RetrainingSlots): readonly SlotEvent[] {
  const isHeld = active.includes(command.retrainId);
  if (command.type === 'ReleaseSlot')
    return isHeld ? [{ type: 'SlotReleased', schemaVersion: 1, retrainId: command.retrainId }] : [];
  if (isHeld) return [];
  if (active.length >= command.limit)
    throw illegalTransition('TakeSlot', `${active.length} running`, `fewer than ${command.limit}`);
  return [{ type: 'SlotTaken', schemaVersion: 1, retrainId: command.retrainId }];
}

export function evolveSlots({ active }: RetrainingSlots, event: SlotEvent): RetrainingSlots {
  return {
    active: event.type === 'SlotTaken' ? [...active, event.retrainId] : active.filter((id) => id !== event.retrainId),
  };
}
