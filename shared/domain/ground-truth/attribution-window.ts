import { dayMillis, hourMillis, hourOf, minuteMillis, toInstant } from '../time.ts';

/**
 * How long after its attribution window an hour still takes records in. The stream keeps records for a day at most;
 * the rest is for producers that were cut off.
 */
export const arrivalGraceMillis = 7 * dayMillis;

/** Whether an outcome of that moment counts for a prediction of that moment. Milliseconds since the epoch. */
export function isWithinWindow(predictedAt: number, observedAt: number, windowMinutes: number): boolean {
  return observedAt >= predictedAt && observedAt <= predictedAt + windowMinutes * minuteMillis;
}

/**
 * From this moment on (by arrival) the hour's truth is final: no prediction and no outcome of it is taken any more.
 * Only afterwards may its segment be collected as garbage, so nothing ever depends on when that happens.
 */
export function sealedAt(hour: string, windowMinutes: number): number {
  return Date.parse(`${hour}:00:00.000Z`) + hourMillis + windowMinutes * minuteMillis + arrivalGraceMillis;
}

/** The hours in which the prediction of an outcome observed then may lie, or the other way round; ascending. */
export function hoursBetween(fromMillis: number, toMillis: number): readonly string[] {
  const hours: string[] = [];
  for (let at = Math.floor(fromMillis / hourMillis) * hourMillis; at <= toMillis; at += hourMillis) {
    hours.push(hourOf(toInstant(at)));
  }
  return hours;
}
