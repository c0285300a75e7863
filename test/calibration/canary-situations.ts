import type { Situation, Weather } from './canary-traffic.ts';

const independent: Weather = { name: 'independent hours', sharedHour: 0, sharedDay: 0, ownHour: 0, ownDay: 0 };
const shared: Weather = {
  ...independent,
  name: 'hours and days differ, for both arms',
  sharedHour: 0.15,
  sharedDay: 0.1,
};
const own: Weather = { ...shared, name: 'hours suit one arm more (1 %)', ownHour: 0.01 };
const ownDays: Weather = { ...own, name: 'days do, too (0.5 %)', ownDay: 0.005 };
const wildHours: Weather = { ...shared, name: 'hours suit one arm much more (3 %)', ownHour: 0.03 };
const wildDays: Weather = { ...own, name: 'days do, too (1 %)', ownDay: 0.01 };

export const rowsPerHour = 40_000;

export type CanaryCell = {
  readonly name: string;
  readonly situation: Situation;
  /** Which end is wrong, where one is. */
  readonly wrong?: 'failed' | 'promoted';
  /** `informs`: beyond what the method covers; shown, and not held against the level. */
  readonly role: 'judged' | 'informs';
};

/** Share of the rollouts that a situation gets: all where an error is to be stated closely. */
export function effortOf({ name, role, situation }: CanaryCell): number {
  if (role === 'informs') return 0.1;
  return name === 'equal' || (situation.weather === shared && situation.businessChange !== 0) ? 1 : 0.25;
}

const equal = { businessChange: 0, lossChange: 0 };

/** Every situation that is simulated; seeds follow from the place in this list. */
export const canaryCells: readonly CanaryCell[] = [
  ...[independent, shared, own, ownDays].flatMap((weather): readonly CanaryCell[] => [
    { name: 'equal', situation: { weather, rowsPerHour, ...equal }, wrong: 'failed', role: 'judged' },
    {
      name: 'business metric at the margin, -3 %',
      situation: { weather, rowsPerHour, ...equal, businessChange: -0.03 },
      wrong: 'promoted',
      role: 'judged',
    },
    {
      name: 'loss at the margin, +2 %',
      situation: { weather, rowsPerHour, ...equal, lossChange: 0.02 },
      wrong: 'promoted',
      role: 'judged',
    },
  ]),
  ...[wildHours, wildDays].map(
    (weather): CanaryCell => ({
      name: 'equal',
      situation: { weather, rowsPerHour, ...equal },
      wrong: 'failed',
      role: 'informs',
    }),
  ),
  ...[-0.015, -0.02, -0.04, -0.05].map(
    (businessChange): CanaryCell => ({
      name: `business metric ${100 * businessChange} %`,
      situation: { weather: shared, rowsPerHour, ...equal, businessChange },
      role: 'informs',
    }),
  ),
];
