import type { BucketState } from '../../domain/ground-truth/bucket-state.ts';
import type { BucketId } from '../../ports/join-buffer.ts';

/**
 * What a warm function remembers of the buckets it served. It may be out of date: whoever commits on top of it is
 * refused and reads again.
 */
export type BucketCache = {
  /** Removes it, so that nothing is left after a failure. */
  readonly take: (bucket: BucketId) => BucketState | undefined;
  readonly put: (bucket: BucketId, state: BucketState) => void;
};

/** About 100 MB. */
const defaultMaximumEntries = 200_000;

/** Forgets the buckets that were served longest ago, whole, when there are more entries than that. */
export function createBucketCache(maximumEntries: number = defaultMaximumEntries): BucketCache {
  const held = new Map<string, { readonly state: BucketState; readonly entries: number }>();
  let total = 0;
  const remove = (key: string) => {
    const found = held.get(key);
    held.delete(key);
    total -= found?.entries ?? 0;
    return found?.state;
  };
  const keyOf = ({ modelId, bucket }: BucketId) => `${modelId}#${bucket}`;
  return {
    take: (bucket) => remove(keyOf(bucket)),
    put: (bucket, state) => {
      const entries = entryCount(state);
      remove(keyOf(bucket));
      held.set(keyOf(bucket), { state, entries });
      total += entries;
      for (const key of held.keys()) {
        if (total <= maximumEntries) break;
        remove(key);
      }
    },
  };
}

/** An hour without entries takes some room, too. */
function entryCount({ segments }: BucketState): number {
  let count = segments.size;
  for (const { entries } of segments.values()) count += entries.size;
  return count;
}
