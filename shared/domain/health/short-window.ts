import type { Profile } from '../ground-truth/aggregates.ts';
import { profileOfShares } from '../ground-truth/packed-hours.ts';
import { dayMillis, hourMillis, hourOfMillis, hourStart, type Instant, toInstant, toMillis } from '../time.ts';
import type { Window } from './evaluation-window.ts';
import { anyDay, sameWeekday } from './former-hours.ts';

/** The last hours in which a sudden break is looked for. */
export type ShortStretch = {
  /** Whole hours, the running one included. */
  readonly window: Window;
  /** Share of the last hour that is past, (0, 1]. */
  readonly lastHourRatio: number;
};

/** The same hours so many days ago. */
export type FormerHours = { readonly daysBack: number; readonly profile: Profile };

/** What a stretch is held against. */
export type ShortReference =
  /** The same hours of former weeks, or while they are too few, of former days. */
  | { readonly kind: 'weeks' | 'days'; readonly former: readonly FormerHours[] }
  /** Its days, against which only an overwhelming effect counts. */
  | { readonly kind: 'baseline' }
  | { readonly kind: 'none'; readonly reason: string };

/** What the verdicts on sudden breaks rest on. */
export type ShortWindow = ShortStretch & {
  readonly current: Profile;
  readonly reference: ShortReference;
  /** From a break to its evidence, at the traffic of these hours; null while there is none. */
  readonly detectionHours: number | null;
};

/** When a version served, and since when its rows are those of a break. */
export type ServedTime = { readonly deployedAt: Instant; readonly brokenSince?: Instant | undefined };

/** Hours without a row are absent. */
export type ProfileByHour = ReadonlyMap<string, Profile>;

export const longestHours = 24;

/** Four of each weekday; until they are found it is looked so far back. */
const wantedDays = 28;
const furthestDays = 56;
/** A break is known to be one after it began: at the latest when its hours filled the longest stretch. */
const marginMillis = longestHours * hourMillis;

/**
 * The trailing hours of which `pastHours` are past, or fewer when the version has not served that long. `open`: the
 * running hour holds only what is past and counts.
 */
export function trailingStretch(
  evaluatedAt: Instant,
  runningHour: 'open' | 'closed',
  pastHours: number,
  { deployedAt }: ServedTime,
): ShortStretch {
  const now = toMillis(evaluatedAt);
  const whole = Math.floor(now / hourMillis) * hourMillis;
  const isRunning = runningHour === 'open' && now > whole;
  const firstServed = Math.ceil(toMillis(deployedAt) / hourMillis) * hourMillis;
  const from = Math.min(whole, Math.max(whole - pastHours * hourMillis, firstServed));
  return {
    window: { from: toInstant(from), to: toInstant(isRunning ? whole + hourMillis : whole) },
    lastHourRatio: isRunning ? (now - whole) / hourMillis : 1,
  };
}

/** Hours of a stretch that are past. */
export function pastHours({ window, lastHourRatio }: ShortStretch): number {
  return (toMillis(window.to) - toMillis(window.from)) / hourMillis - 1 + lastHourRatio;
}

/** Its hours, `2001-01-22T06`, ascending. */
export function hoursOf({ from, to }: Window): readonly string[] {
  const start = toMillis(from);
  const count = Math.round((toMillis(to) - start) / hourMillis);
  const first = Math.floor(start / hourMillis);
  return Array.from({ length: count }, (_, i) => hourOfMillis((first + i) * hourMillis));
}

/** The latest part of a stretch that holds `rowsNeeded`, of at least `minimumHours`; all of it when none does. */
export function partWith(
  rowsNeeded: number,
  minimumHours: number,
  stretch: ShortStretch,
  profileByHour: ProfileByHour,
): ShortStretch {
  let rows = 0;
  for (const hour of hoursOf(stretch.window).toReversed()) {
    rows += profileByHour.get(hour)?.n ?? 0;
    const part = { ...stretch, window: { ...stretch.window, from: hourStart(hour) } };
    if (rows >= rowsNeeded && pastHours(part) >= minimumHours) return part;
  }
  return stretch;
}

/** All rows of a window whose last hour counts as far as the running one has come: both sides have the same mix of hours. */
export function profileOf(window: Window, lastHourRatio: number, profileByHour: ProfileByHour): Profile {
  const hours = hoursOf(window);
  // What is judged, and no more: it is recorded with the evaluation.
  return profileOfShares(
    hours.flatMap((hour, i) => {
      const profile = profileByHour.get(hour);
      return profile === undefined ? [] : [{ profile, ratio: i === hours.length - 1 ? lastHourRatio : 1 }];
    }),
  );
}

/**
 * The same hours of former days, latest first, that the version served and that are no part of a break that lasts: it
 * must not become what it is measured against.
 */
export function formerStretches(
  { window }: ShortStretch,
  { deployedAt, brokenSince }: ServedTime,
): readonly { readonly daysBack: number; readonly window: Window }[] {
  const [from, to] = [toMillis(window.from), toMillis(window.to)];
  const served = toMillis(deployedAt);
  const latest = Math.min(from, brokenSince === undefined ? from : toMillis(brokenSince) - marginMillis);
  return Array.from({ length: furthestDays }, (_, i) => i + 1)
    .filter((back) => from - back * dayMillis >= served && to - back * dayMillis <= latest)
    .slice(0, wantedDays)
    .map((daysBack) => ({
      daysBack,
      window: { from: toInstant(from - daysBack * dayMillis), to: toInstant(to - daysBack * dayMillis) },
    }));
}

/** Undefined when there are too few days to be held against. */
export function formerReference(former: readonly FormerHours[]): ShortReference | undefined {
  const held = former.filter(({ profile }) => profile.n > 0);
  const rows = held.map(({ daysBack, profile }) => ({ daysBack, counts: [profile.n] }));
  if (sameWeekday(rows) !== undefined) return { kind: 'weeks', former: held };
  return anyDay(rows) === undefined ? undefined : { kind: 'days', former: held };
}

/** From a break to its evidence: the longer of the policy's hours and the time in which enough rows come. */
export function detectionHours(
  rowsNeeded: number,
  minimumHours: number,
  traffic: { readonly rows: number; readonly hours: number },
): number | null {
  if (traffic.rows === 0 || !Number.isFinite(rowsNeeded)) return null;
  return Math.max(minimumHours, (rowsNeeded * traffic.hours) / traffic.rows);
}
