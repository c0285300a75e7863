import { dayMillis, type Instant, toMillis } from '../../time.ts';

/**
 * How the readings of one subject stand. `ticket` is that of the last reading begun, from a counter of the provider;
 * `coveredUntil`: what was said up to then has been read and written.
 */
export type HydrationRecord = {
  readonly ticket: number;
  readonly coveredUntil?: Instant;
  /** The provider had no such thing. */
  readonly isGone?: boolean;
  /** When it was last asked for by who had only seen it mentioned. */
  readonly askedAt?: Instant;
};

/** References that are followed from what somebody told. */
export const maximumDepth = 6;
/** After so many the message is left to the dead letters. */
const maximumAttempts = 8;
const firstDelaySeconds = 10;
/** The longest that a queue of SQS delays a message. */
const maximumDelaySeconds = 900;

/** An event that was sent before a reading that has been written says nothing new. */
export function isCovered(record: HydrationRecord | undefined, sentAt: Instant): boolean {
  return record?.coveredUntil !== undefined && sentAt <= record.coveredUntil;
}

/** Whether to ask for what is only mentioned: once a day, and not for what its provider said that it does not have. */
export function mayBeAskedFor(record: HydrationRecord | undefined, now: Instant): boolean {
  if (record?.isGone === true) return false;
  return record?.askedAt === undefined || toMillis(now) - toMillis(record.askedAt) >= dayMillis;
}

/**
 * Seconds to wait before attempt number `attempt` + 1, undefined when there is none. Exponential with full jitter
 * (Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog 2015); `random` is 0..1.
 */
export function retryDelay(attempt: number, random: number): number | undefined {
  if (attempt + 1 >= maximumAttempts) return undefined;
  return Math.ceil(Math.min(maximumDelaySeconds, firstDelaySeconds * 2 ** attempt) * random);
}

/** Seconds until the circuit may let a call through, spread so that not all of them come at once; `random` is 0..1. */
export function circuitDelay(retryAt: Instant, now: Instant, random: number): number {
  const wait = Math.max(0, (toMillis(retryAt) - toMillis(now)) / 1_000);
  return Math.min(maximumDelaySeconds, Math.ceil(wait + 30 * random));
}
