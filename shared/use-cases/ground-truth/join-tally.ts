import type { BucketState } from '../../domain/ground-truth/bucket-state.ts';
import type { JoinCounters } from '../../domain/ground-truth/cursor.ts';
import type { Tier } from '../../domain/registry/schemas.ts';
import { dayMillis } from '../../domain/time.ts';
import type { BucketEvents, Joined } from './join-bucket.ts';

type OutcomeCounter = Exclude<keyof JoinCounters, 'predictions' | 'duplicatePredictions'>;

const figureByCounter = {
  orphanedOutcomes: 'OutcomesOrphaned',
  conflictingOutcomes: 'OutcomesConflicting',
  lateOutcomes: 'OutcomesLate',
  deferredOutcomes: 'OutcomesDeferred',
} as const satisfies Partial<Record<OutcomeCounter, string>>;

// No stream keeps a record longer; what seems older was stamped by another clock than ours, as in an embedded cloud.
const longestLagMillis = 365 * dayMillis;

/** What became of the outcomes of one invocation, bucket by bucket as they are committed. */
export function createJoinTally() {
  const outcomes = {
    OutcomesDecided: 0,
    OutcomesOrphaned: 0,
    OutcomesConflicting: 0,
    OutcomesLate: 0,
    OutcomesDeferred: 0,
    SegmentBytes: 0,
  };
  const lagSecondsByTier = new Map<Tier, number>();
  return {
    /** `now` in milliseconds since the epoch, from the clock that stamped the records. */
    add: ({ model, events }: BucketEvents, { before, after }: Joined, now: number): void => {
      outcomes.OutcomesDecided += decided(after) - decided(before);
      for (const [counter, figure] of Object.entries(figureByCounter))
        outcomes[figure] += countIn(after, counter) - countIn(before, counter);
      outcomes.SegmentBytes += segmentBytes(after);
      const lag = now - events.reduce((oldest, event) => Math.min(oldest, event.now), now);
      if (model.tier === undefined || lag > longestLagMillis) return;
      lagSecondsByTier.set(model.tier, Math.max(lag / 1_000, lagSecondsByTier.get(model.tier) ?? 0));
    },
    figures: () => ({ outcomes, lagSecondsByTier }),
  };
}

// A cursor from before a counter was there lacks it.
function countIn({ cursor }: BucketState, counter: string): number {
  return { ...cursor.counters }[counter as OutcomeCounter] ?? 0;
}

function decided({ cursor }: BucketState): number {
  const { predictions: _, duplicatePredictions: __, ...outcomes } = cursor.counters;
  return Object.values(outcomes).reduce((total, count) => total + count, 0);
}

function segmentBytes({ segments }: BucketState): number {
  let bytes = 0;
  for (const { parts } of segments.values()) for (const part of parts()) bytes += part.bytes;
  return bytes;
}
