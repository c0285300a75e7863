import { dayMillis, hourMillis, hourStart, type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';

/** How long after its attribution window an hour still takes records in, for producers that were cut off. */
const arrivalGraceMillis = 7 * dayMillis;
/** A record may lie in the stream for seven days before it is read; then it is still of the moment it arrived. */
const readingGraceMillis = 8 * dayMillis;

const clockSkewMillis = 5 * minuteMillis;

/** Whether an outcome of that moment counts for a prediction of that moment. Milliseconds since the epoch. */
export function isWithinWindow(predictedAt: number, observedAt: number, windowMinutes: number): boolean {
  return observedAt >= predictedAt && observedAt <= predictedAt + windowMinutes * minuteMillis;
}

/**
 * From this moment on (by arrival) the truth of an hour is final: no prediction and no outcome of it is taken any more.
 * `at` is any moment of the hour; milliseconds since the epoch, as the result.
 */
export function sealedAt(at: number, windowMinutes: number): number {
  const start = Math.floor(at / hourMillis) * hourMillis;
  return start + hourMillis + windowMinutes * minuteMillis + arrivalGraceMillis;
}

/** What the times in a record are held against. As texts, because parsing each costs a tenth of ingestion. */
export type Arrival = {
  readonly now: Instant;
  /** Clocks of producers may be ahead of ours until here. */
  readonly latest: Instant;
  /** What was predicted before belongs to a sealed hour. */
  readonly sealedBefore: Instant;
};

export function arrivalAt(now: Instant, windowMinutes: number): Arrival {
  const millis = toMillis(now);
  const sealedHour = millis - (sealedAt(0, windowMinutes) - hourMillis);
  return {
    now,
    latest: toInstant(millis + clockSkewMillis),
    sealedBefore: toInstant(Math.floor(sealedHour / hourMillis) * hourMillis),
  };
}

/** When nothing asks for the hour's segment any more, so that nothing depends on when garbage is collected. */
export function garbageAt(hour: string, windowMinutes: number): Instant {
  return toInstant(sealedAt(toMillis(hourStart(hour)), windowMinutes) + readingGraceMillis);
}

/** As long as a year of days is read from hours, and longer than an hour is written to. */
const aggregateMillis = 400 * dayMillis;

/** When nobody reads the hour's aggregates any more. */
export function aggregateGarbageAt(hour: string): Instant {
  return toInstant(toMillis(hourStart(hour)) + aggregateMillis);
}

/** Start of every hour from that of `first` to that of `last`; milliseconds since the epoch. */
export function hoursBetween(first: number, last: number): readonly number[] {
  const start = Math.floor(first / hourMillis) * hourMillis;
  return Array.from({ length: Math.floor((last - start) / hourMillis) + 1 }, (_, i) => start + i * hourMillis);
}
