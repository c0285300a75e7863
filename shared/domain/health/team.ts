import * as z from '../zod.ts';

/** Of a team whose members set none. */
export const defaultFalseAlarmsPerWeek = 1;

export const alertBudgetSchema = z
  .strictObject({
    /** Breaches that nothing but chance explains, of all models of the team together. */
    falseAlarmsPerWeek: z.number().min(0.001).max(1_000),
  })
  .meta({ id: 'AlertBudget' });

/** Head of the stream `team#<team>`. */
export type TeamState = { readonly team: string; readonly falseAlarmsPerWeek: number };

export type TeamEvent = {
  readonly type: 'AlertBudgetSet';
  readonly schemaVersion: 1;
  readonly team: string;
  readonly falseAlarmsPerWeek: number;
};

/** List of the rows of all teams that have settings; a row is the team's state. */
export const teamRows = 'teams';

/** Nothing when it is set to what it is. */
export function setAlertBudget(state: TeamState, falseAlarmsPerWeek: number): readonly TeamEvent[] {
  const { team } = state;
  if (falseAlarmsPerWeek === state.falseAlarmsPerWeek) return [];
  return [{ type: 'AlertBudgetSet', schemaVersion: 1, team, falseAlarmsPerWeek }];
}

export function newTeam(team: string): TeamState {
  return { team, falseAlarmsPerWeek: defaultFalseAlarmsPerWeek };
}

export function evolveTeam(state: TeamState, { falseAlarmsPerWeek }: TeamEvent): TeamState {
  return { ...state, falseAlarmsPerWeek };
}
