import { illegalTransition } from '../errors.ts';

/**
 * Head of the stream `retraining-slots`: the retrains that run now. One stream, so that optimistic concurrency makes the
 * limit exact however many dispatchers there are.
 */
export type RetrainingSlots = {
  readonly active: readonly string[];
  /** Team of each active retrain; absent for those that took their slot before it was kept. */
  readonly teams?: Readonly<Record<string, string>>;
};

export type SlotEvent =
  | { readonly type: 'SlotTaken'; readonly schemaVersion: 1; readonly retrainId: string; readonly team?: string }
  | { readonly type: 'SlotReleased'; readonly schemaVersion: 1; readonly retrainId: string };

export type SlotCommand =
  | {
      readonly type: 'TakeSlot';
      readonly retrainId: string;
      readonly team: string;
      readonly limit: number;
      readonly teamLimit: number;
    }
  | { readonly type: 'ReleaseSlot'; readonly retrainId: string };

export const noSlots: RetrainingSlots = { active: [] };

/** Nothing when the slot is taken, or released, already. Throws `IllegalTransition` when every slot, or the team's, is taken. */
export function decideSlots(command: SlotCommand, { active, teams = {} }: RetrainingSlots): readonly SlotEvent[] {
  const isHeld = active.includes(command.retrainId);
  if (command.type === 'ReleaseSlot')
    return isHeld ? [{ type: 'SlotReleased', schemaVersion: 1, retrainId: command.retrainId }] : [];
  if (isHeld) return [];
  if (active.length >= command.limit)
    throw illegalTransition('TakeSlot', `${active.length} running`, `fewer than ${command.limit}`);
  const { retrainId, team, teamLimit } = command;
  const ofTeam = active.filter((id) => teams[id] === team).length;
  if (ofTeam >= teamLimit)
    throw illegalTransition('TakeSlot', `${ofTeam} of ${team} running`, `fewer than ${teamLimit}`);
  return [{ type: 'SlotTaken', schemaVersion: 1, retrainId, team }];
}

export function evolveSlots({ active, teams = {} }: RetrainingSlots, event: SlotEvent): RetrainingSlots {
  const { [event.retrainId]: _, ...others } = teams;
  if (event.type === 'SlotReleased') return { active: active.filter((id) => id !== event.retrainId), teams: others };
  return {
    active: [...active, event.retrainId],
    teams: event.team === undefined ? others : { ...others, [event.retrainId]: event.team },
  };
}
