import { dayOf, type Instant, toInstant } from '../time.ts';
import { sealedAt } from './attribution-window.ts';

/**
 * For who keeps aggregates that were read: the revision of the cursor that last changed a UTC day of the bucket. Nothing
 * is remembered of days up to `sealedThrough`, because nothing can change them any more.
 */
export type DayChanges = {
  readonly revisionByDay: Readonly<Record<string, number>>;
  readonly sealedThrough: string;
};

export const noChanges: DayChanges = { revisionByDay: {}, sealedThrough: '' };

type Committed = {
  readonly revision: number;
  readonly hours: Iterable<string>;
  /** Milliseconds since the epoch; by arrival. */
  readonly now: number;
  readonly attributionWindowMinutes: number;
};

/** After a commit to the aggregates of these hours. */
export function withChanges(
  held: DayChanges,
  { revision, hours, now, attributionWindowMinutes }: Committed,
): DayChanges {
  const sealed = lastSealedDay(now, attributionWindowMinutes);
  // As text; it never moves back, though records of one bucket may arrive out of order.
  const [sealedThrough = ''] = [sealed, held.sealedThrough].sort().slice(-1);
  const changed = [...hours].map((hour) => [hour.slice(0, 10), revision] as const);
  const kept = Object.entries({ ...held.revisionByDay, ...Object.fromEntries(changed) });
  return { revisionByDay: Object.fromEntries(kept.filter(([day]) => day > sealedThrough)), sealedThrough };
}

/** Stamp of a day that the bucket has nothing of. */
export const untouched = 'untouched';

/** Equal stamps: the aggregates of the day are the same, as far as this bucket goes. */
export function stampOf({ revisionByDay, sealedThrough }: DayChanges, instant: Instant): string {
  const day = dayOf(instant);
  return String(revisionByDay[day] ?? (day <= sealedThrough ? 'sealed' : untouched));
}

// The last hour of a day is sealed last; a day more, because a record may be read long after it arrived.
const marginDays = 9;
const dayMillis = 86_400_000;

function lastSealedDay(now: number, attributionWindowMinutes: number): string {
  const sealingMillis = sealedAt(0, attributionWindowMinutes);
  return dayOf(toInstant(Math.max(0, now - sealingMillis - marginDays * dayMillis)));
}
