import { illegalTransition } from '../errors.ts';

/**
 * Head of the stream `retraining-slots`: the retrains that run now. One stream, so that optimistic concurrency makes the
 * limit exact however many dispatchers there are.
 */
export type RetrainingSlots = {
  readonly active: readonly string[];
  /** Team of each active retrain; absent for those that took their slot before it was kept. */
  readonly teams?: Readonly<Record<string, string>>;
  /** Connection of each active retrain; absent for those that took their slot before it was kept. */
  readonly orchestrators?: Readonly<Record<string, string>>;
};

export type SlotEvent =
  | {
      readonly type: 'SlotTaken';
      readonly schemaVersion: 1;
      readonly retrainId: string;
      readonly team?: string;
      readonly orchestrator?: string;
    }
  | { readonly type: 'SlotReleased'; readonly schemaVersion: 1; readonly retrainId: string };

export type SlotCommand =
  | {
      readonly type: 'TakeSlot';
      readonly retrainId: string;
      readonly team: string;
      readonly limit: number;
      readonly teamLimit: number;
      /** The connection, and how many retrains may run there. @default not counted */
      readonly orchestrator?: { readonly name: string; readonly limit: number };
    }
  | { readonly type: 'ReleaseSlot'; readonly retrainId: string };

export const noSlots: RetrainingSlots = { active: [] };

/**
 * Nothing when the slot is taken, or released, already. Throws `IllegalTransition` when every slot, or the team's, or the
 * orchestrator's, is taken.
 */
export function decideSlots(command: SlotCommand, state: RetrainingSlots): readonly SlotEvent[] {
  const { active, teams = {}, orchestrators = {} } = state;
  const isHeld = active.includes(command.retrainId);
  if (command.type === 'ReleaseSlot')
    return isHeld ? [{ type: 'SlotReleased', schemaVersion: 1, retrainId: command.retrainId }] : [];
  if (isHeld) return [];
  const { retrainId, team, teamLimit, orchestrator } = command;
  expectFree('running', active.length, command.limit);
  expectFree(`of ${team} running`, active.filter((id) => teams[id] === team).length, teamLimit);
  if (orchestrator === undefined) return [{ type: 'SlotTaken', schemaVersion: 1, retrainId, team }];
  const { name, limit } = orchestrator;
  expectFree(`by ${name} running`, active.filter((id) => orchestrators[id] === name).length, limit);
  return [{ type: 'SlotTaken', schemaVersion: 1, retrainId, team, orchestrator: name }];
}

function expectFree(what: string, taken: number, limit: number): void {
  if (taken >= limit) throw illegalTransition('TakeSlot', `${taken} ${what}`, `fewer than ${limit}`);
}

export function evolveSlots({ active, teams, orchestrators }: RetrainingSlots, event: SlotEvent): RetrainingSlots {
  const { retrainId } = event;
  if (event.type === 'SlotReleased')
    return {
      active: active.filter((id) => id !== retrainId),
      teams: named(teams, retrainId, undefined),
      orchestrators: named(orchestrators, retrainId, undefined),
    };
  return {
    active: [...active, retrainId],
    teams: named(teams, retrainId, event.team),
    orchestrators: named(orchestrators, retrainId, event.orchestrator),
  };
}

function named(
  names: Readonly<Record<string, string>> = {},
  retrainId: string,
  name: string | undefined,
): Readonly<Record<string, string>> {
  const { [retrainId]: _, ...others } = names;
  return name === undefined ? others : { ...others, [retrainId]: name };
}
