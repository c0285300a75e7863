import { restateHours } from '../../domain/ground-truth/bucket-changes.ts';
import { rulesOf } from '../../domain/ground-truth/join-rules.ts';
import { segmentKey, unitsKey } from '../../domain/ground-truth/segment.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { BucketId, JoinBuffer } from '../../ports/join-buffer.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { bucketWrites } from './bucket-writes.ts';
import { readSegments } from './join-bucket.ts';

type Restatement = {
  readonly bucket: BucketId;
  /** With the writers that are distrusted now. */
  readonly model: ServedModel;
  /** `2001-01-22T06`; those whose segments are gone stay as they are. */
  readonly hours: readonly string[];
  readonly now: Instant;
};

/**
 * Computes the aggregates of some hours anew, as the model now sees its writers. The same again changes nothing. Resolves
 * to the hours that had something to restate. Throws as `joinBucket` does.
 */
export async function restateBucket(
  buffer: JoinBuffer,
  { bucket, model, hours, now }: Restatement,
): Promise<readonly string[]> {
  const restated: string[] = [];
  // One at a time: an hour of a model with segments and outcome types is half a transaction.
  for (const hour of hours) {
    const isRestated = await withRetryOnConflict(async () => {
      const cursor = await buffer.cursor(bucket);
      const segments = await readSegments(buffer, bucket, [segmentKey(hour), unitsKey(hour)]);
      const state = { cursor, segments, profiles: new Map(), sums: new Map() };
      const result = restateHours(state, [hour], rulesOf(model), toMillis(now));
      if (result !== undefined) await buffer.commit(bucket, bucketWrites(result.changes, result.state.cursor, model));
      return result !== undefined;
    });
    if (isRestated) restated.push(hour);
  }
  return restated;
}
