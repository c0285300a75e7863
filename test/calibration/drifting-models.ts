import { alphaOf } from '../../shared/domain/health/alert-budget.ts';
import { rowsNeeded } from '../../shared/domain/health/verdict/rows-needed.ts';
import { distributionOf } from './distributions.ts';
import { type Feature, featuresOf, hoursPerDay, simulateTraffic, type Traffic } from './fleet-traffic.ts';
import { type Blocks, breachOf, referenceOf, sumOf } from './judge-windows.ts';
import { tiltOf } from './power.ts';
import { fleet } from './quiet-fleet.ts';
import { draws } from './random.ts';
import { limits } from './typical-team.ts';

export type Drift = {
  readonly name: string;
  readonly rowsPerHour: number;
  /** PSI of the shifted population, in the end. */
  readonly psi: number;
  /** 0: sudden; else the shift grows evenly for so many days. */
  readonly rampDays: number;
};

export const drifts: readonly Drift[] = [
  { name: 'sudden, much traffic', rowsPerHour: 1_000, psi: 0.5, rampDays: 0 },
  { name: 'sudden', rowsPerHour: 100, psi: 1, rampDays: 0 },
  { name: 'sudden, little traffic', rowsPerHour: 10, psi: 1, rampDays: 0 },
  { name: 'slow, much traffic', rowsPerHour: 1_000, psi: 1, rampDays: 14 },
  { name: 'slow', rowsPerHour: 100, psi: 1, rampDays: 14 },
];

const team = { budgetPerWeek: fleet.budgetPerWeek, tests: fleet.modelsPerTeam * fleet.featuresPerModel } as const;
const lookMinutes = 60;
const longLookHours = 6;
const longestShortHours = 24;
const daysBefore = fleet.referenceDays + fleet.longDays;
const startHour = (daysBefore + 3) * hoursPerDay;
const slots = Array.from({ length: hoursPerDay }, (_, hour) => [hour]);
/** Ten bins: one feature of independent rows, one whose hours and one whose days move. */
const drifting = [0, 4, 8];

export type Found = {
  readonly drift: Drift;
  /** Hours from the start of the drift to the first breach; undefined within 30 days. */
  readonly hours: number | undefined;
  readonly by: 'short' | 'long' | undefined;
  /** Hours of the short window. */
  readonly shortHours: number;
  /** The longer of one hour and the time to the rows needed, from when the shift is as large as the limit. */
  readonly leastHours: number;
};

/** When one drifting model breaches, looked at every hour through the short window and every six through the long one. */
export function findDrift(drift: Drift, seed: number): Found {
  const features = featuresOf(fleet.featuresPerModel);
  const { shares } = distributionOf(features[drifting[0]!]!.kind);
  const most = tiltOf(shares, drift.psi);
  const rampHours = drift.rampDays * hoursPerDay;
  const strength = (hour: number) => (rampHours === 0 ? 1 : Math.min(1, Math.max(0, hour - startHour) / rampHours));
  const traffic = simulateTraffic({
    draws: draws(seed),
    features,
    days: daysBefore + fleet.days,
    slots,
    rowsPerHour: drift.rowsPerHour,
    tilt: (feature, hour) =>
      hour >= startHour && drifting.includes(feature) ? Math.round(1_000 * most * strength(hour)) / 1_000 : 0,
  });
  const shortHours = Math.min(longestShortHours, hoursTo(drift.rowsPerHour, limits.breach, 1, shares.length));
  const breaches = drifting.flatMap((index) => [...firstBreach(traffic, index, features[index]!, shortHours)]);
  const first = breaches.toSorted((a, b) => a.hours - b.hours)[0];
  const untilLimit = rampHours === 0 ? 0 : (rampHours * tiltOf(shares, limits.breach)) / most;
  const effect = rampHours === 0 ? drift.psi : limits.breach;
  return {
    drift,
    hours: first?.hours,
    by: first?.by,
    shortHours,
    leastHours: untilLimit + hoursTo(drift.rowsPerHour, effect, shortHours, shares.length),
  };
}

/** Until a shift of this size has the rows it needs, at least one hour. */
function hoursTo(rowsPerHour: number, effect: number, shortHours: number, bins: number): number {
  const alpha = alphaFor('short', shortHours);
  const needed = rowsNeeded({
    effect,
    alpha,
    degreesOfFreedom: bins - 1,
    referenceRows: Number.POSITIVE_INFINITY,
    designEffect: 1,
  });
  return Math.max(1, Math.ceil(needed / rowsPerHour));
}

function alphaFor(window: 'short' | 'long', hours: number): number {
  return alphaOf({ ...team, window, windowMinutes: hours * 60, intervalMinutes: lookMinutes });
}

function* firstBreach(
  traffic: Traffic,
  index: number,
  feature: Feature,
  shortHours: number,
): Generator<{ readonly hours: number; readonly by: 'short' | 'long' }> {
  const hourly = Array.from({ length: (daysBefore + fleet.days) * hoursPerDay }, (_, hour) =>
    traffic.counts(index, Math.floor(hour / hoursPerDay), hour % hoursPerDay),
  );
  const stretch = (end: number, hours: number) => sumOf(hourly.slice(end - hours, end));
  const days = (end: number, count: number): Blocks =>
    Array.from({ length: count }, (_, day) => stretch(end - (count - 1 - day) * hoursPerDay, hoursPerDay));
  const longReference = referenceOf(days(fleet.referenceDays * hoursPerDay, fleet.referenceDays));
  const [short, long] = [
    { kind: 'short', alpha: alphaFor('short', shortHours) },
    { kind: 'long', alpha: alphaFor('long', fleet.longDays * hoursPerDay) },
  ] as const;
  for (let end = startHour + 1; end <= hourly.length; end += 1) {
    const hours = end - startHour;
    const sameHours = Array.from({ length: fleet.shortReferenceDays }, (_, day) =>
      stretch(end - (Math.ceil((end - daysBefore * hoursPerDay) / hoursPerDay) + 1 + day) * hoursPerDay, shortHours),
    );
    if (breachOf(feature, referenceOf(sameHours), [stretch(end, shortHours)], short) !== undefined) {
      yield { hours, by: 'short' };
      return;
    }
    if (end % longLookHours !== 0) continue;
    if (breachOf(feature, longReference, days(end, fleet.longDays), long) === undefined) continue;
    yield { hours, by: 'long' };
    return;
  }
}
