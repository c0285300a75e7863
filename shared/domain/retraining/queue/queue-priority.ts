import { hourMillis, type Instant, toMillis } from '../../time.ts';
import type { WaitingRetrain } from './queue-request.ts';

/** A request counts as one tier more urgent after each such time of waiting. */
export const ageingHours = 6;
/** More would let bumped requests overtake for days. */
export const maximumBump = 8;

type Ranked = Pick<WaitingRetrain, 'tier' | 'stalenessScore' | 'requestedAt' | 'retrainId' | 'priorityBump'>;

/**
 * The tier less one for each `ageingHours` of waiting and less the bump; may fall below 1 without end. So what is asked
 * for later than (tier - 1 + bump of the other + 1) · `ageingHours` never comes first, and nobody starves: a request of
 * tier 4 is overtaken by nothing of tier 1 that came 24 hours after it.
 */
export function urgencyClass({ tier, requestedAt, priorityBump = 0 }: Ranked, now: Instant): number {
  const waitedHours = Math.max(0, toMillis(now) - toMillis(requestedAt)) / hourMillis;
  return tier - Math.floor(waitedHours / ageingHours) - priorityBump;
}

/** Most urgent class first, then the most stale, then the oldest; the id makes it total. */
export function byPriority<T extends Ranked>(waiting: readonly T[], now: Instant): readonly T[] {
  const urgency = Int32Array.from(waiting, (item) => urgencyClass(item, now));
  const staleness = Float64Array.from(waiting, ({ stalenessScore }) => stalenessScore ?? 0);
  // Instants sort as text, which is cheaper than to read them.
  const places = Int32Array.from(waiting, (_, place) => place).sort(
    (a, b) =>
      urgency[a]! - urgency[b]! ||
      staleness[b]! - staleness[a]! ||
      byText(waiting[a]!.requestedAt, waiting[b]!.requestedAt) ||
      byText(waiting[a]!.retrainId, waiting[b]!.retrainId),
  );
  return Array.from(places, (place) => waiting[place]!);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
