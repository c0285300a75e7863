import { alphaOf } from '../../shared/domain/health/alert-budget.ts';
import { type Feature, featuresOf, hoursPerDay, simulateTraffic, type Traffic } from './fleet-traffic.ts';
import { type Blocks, breachOf, type Reference, referenceOf } from './judge-windows.ts';
import { draws } from './random.ts';

export const fleet = {
  teams: 25,
  modelsPerTeam: 20,
  featuresPerModel: 20,
  days: 30,
  budgetPerWeek: 1,
  referenceDays: 30,
  longDays: 8,
  shortReferenceDays: 14,
} as const;
/** Of the models, in turn. */
export const rowsPerHour = [10, 100, 1_000, 10_000] as const;
/** Two hours of the day are looked at; the long window holds the others. */
const shortHours = [6, 18];
const slots = [
  ...shortHours.map((hour) => [hour]),
  Array.from({ length: hoursPerDay }, (_, hour) => hour).filter((hour) => !shortHours.includes(hour)),
];
const restOfDay = slots.length - 1;
const firstDay = fleet.referenceDays + fleet.longDays;
/** Of the short window: the evaluated days and the last ones of the reference. */
const isLookedAt = (day: number) =>
  day >= firstDay || (day < fleet.referenceDays && day >= fleet.referenceDays - fleet.shortReferenceDays);
const dayMinutes = 24 * 60;
const team = { budgetPerWeek: fleet.budgetPerWeek, tests: fleet.modelsPerTeam * fleet.featuresPerModel } as const;

export const quietAlphas = {
  long: alphaOf({ ...team, window: 'long', windowMinutes: fleet.longDays * dayMinutes, intervalMinutes: dayMinutes }),
  short: alphaOf({ ...team, window: 'short', windowMinutes: 60, intervalMinutes: dayMinutes / shortHours.length }),
} as const;

/** Test-weeks with a breach, by window and dependence; nothing drifts. */
export type FalseAlarms = Record<'long' | 'short', Record<Feature['dependence'], number>>;

/** One month of the whole fleet. */
export function quietMonth(seed: number): FalseAlarms {
  const random = draws(seed);
  const features = featuresOf(fleet.featuresPerModel);
  const none = () => ({ independent: 0, autoregressive: 0, 'day-clustered': 0 });
  const alarms: FalseAlarms = { long: none(), short: none() };
  const days = fleet.referenceDays + fleet.longDays + fleet.days;
  for (let model = 0; model < fleet.teams * fleet.modelsPerTeam; model += 1) {
    const traffic = simulateTraffic({
      draws: random,
      features,
      days,
      slots,
      rowsPerHour: rowsPerHour[model % rowsPerHour.length]!,
      isNeeded: (day, slot) => slot === restOfDay || isLookedAt(day),
    });
    for (const [index, feature] of features.entries()) {
      alarms.long[feature.dependence] += longAlarms(traffic, index, feature);
      alarms.short[feature.dependence] += shortAlarms(traffic, index, feature);
    }
  }
  return alarms;
}

function longAlarms(traffic: Traffic, index: number, feature: Feature): number {
  const daily = Array.from({ length: firstDay + fleet.days }, (_, day) => traffic.counts(index, day, restOfDay));
  const reference = referenceOf(daily.slice(0, fleet.referenceDays));
  const window = { kind: 'long', alpha: quietAlphas.long } as const;
  return weeksWith(
    (day) =>
      breachOf(feature, reference, daily.slice(firstDay + day - fleet.longDays + 1, firstDay + day + 1), window) !==
      undefined,
  );
}

function shortAlarms(traffic: Traffic, index: number, feature: Feature): number {
  const window = { kind: 'short', alpha: quietAlphas.short } as const;
  const references: readonly Reference[] = shortHours.map((_, slot) => {
    const blocks: Blocks = Array.from({ length: fleet.shortReferenceDays }, (__, day) =>
      traffic.counts(index, fleet.referenceDays - 1 - day, slot),
    );
    return referenceOf(blocks);
  });
  return weeksWith((day) =>
    references.some(
      (reference, slot) =>
        breachOf(feature, reference, [traffic.counts(index, firstDay + day, slot)], window) !== undefined,
    ),
  );
}

/** Weeks, the last one short, in which some day breaches. */
function weeksWith(isBreach: (day: number) => boolean): number {
  const weeks = new Set<number>();
  for (let day = 0; day < fleet.days; day += 1) {
    const week = Math.floor(day / 7);
    if (!weeks.has(week) && isBreach(day)) weeks.add(week);
  }
  return weeks.size;
}
