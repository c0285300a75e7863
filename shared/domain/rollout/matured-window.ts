import { hourMillis, type Instant, toInstant, toMillis } from '../time.ts';
import type { RolloutState } from './rollout.ts';

/**
 * The hours that may be judged: of predictions made since the rollout began, and whose attribution window has closed, so
 * that late bad outcomes cannot be missing. Whole hours; empty when `from` is not before `to`.
 */
export function maturedWindow(
  rollout: Pick<RolloutState, 'startedAt'>,
  attributionWindowMinutes: number,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const closed = toMillis(now) - attributionWindowMinutes * 60_000;
  return { from: nextHour(rollout.startedAt), to: hourFloor(toInstant(closed)) };
}

/** The first whole hour that does not begin before. */
export function nextHour(instant: Instant): Instant {
  return toInstant(Math.ceil(toMillis(instant) / hourMillis) * hourMillis);
}

export function hourFloor(instant: Instant): Instant {
  return toInstant(Math.floor(toMillis(instant) / hourMillis) * hourMillis);
}
