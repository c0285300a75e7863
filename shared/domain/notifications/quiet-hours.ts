import { isOffPeak, type OffPeakHours } from '../retraining/rules/retraining-windows.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';

/** Windows begin and end on minutes, offsets change on quarters of an hour. */
const quarterMillis = 15 * minuteMillis;
/** After so long they are no quiet hours any more, but a mistake. */
const quartersOfWeek = 7 * 96;

/** The moment at which quiet hours end that `now` is in; `now` when it is in none, or when they never end. */
export function endOfQuietHours(quietHours: OffPeakHours | undefined, now: Instant): Instant {
  if (quietHours === undefined || !isOffPeak(quietHours, now)) return now;
  const isQuiet = (at: number) => isOffPeak(quietHours, toInstant(at));
  const quarter = Math.floor(toMillis(now) / quarterMillis) * quarterMillis;
  for (let step = 1; step <= quartersOfWeek; step += 1) {
    const at = quarter + step * quarterMillis;
    if (!isQuiet(at))
      return toInstant(firstMinute(at - quarterMillis, at, (minute) => minute > toMillis(now) && !isQuiet(minute)));
  }
  return now;
}

function firstMinute(from: number, to: number, holds: (at: number) => boolean): number {
  for (let at = from; at < to; at += minuteMillis) if (holds(at)) return at;
  return to;
}
