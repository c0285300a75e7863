import type { Tier } from '../registry/schemas.ts';
import { type Instant, minuteMillis, toMillis } from '../time.ts';
import type { RetrainState } from './retrain.ts';

export type QueueFigures = ReadonlyMap<Tier, { readonly RetrainsQueued: number; readonly OldestQueuedMinutes: number }>;

/** How many retrains are queued and for how long the oldest has been, by tier; zeros where none is. */
export function queueFigures(
  queued: readonly Pick<RetrainState, 'tier' | 'requestedAt'>[],
  now: Instant,
): QueueFigures {
  const tiers: readonly Tier[] = [1, 2, 3, 4];
  return new Map(
    tiers.map((tier) => {
      const waits = queued
        .filter((retrain) => retrain.tier === tier)
        .map(({ requestedAt }) => (toMillis(now) - toMillis(requestedAt)) / minuteMillis);
      return [tier, { RetrainsQueued: waits.length, OldestQueuedMinutes: Math.max(0, ...waits) }];
    }),
  );
}
