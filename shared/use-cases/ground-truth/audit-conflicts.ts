import type { OutcomeConflict } from '../../domain/ground-truth/bucket-state.ts';
import { toInstant } from '../../domain/time.ts';
import type { FailureStore } from '../../ports/failure-store.ts';
import type { BucketId } from '../../ports/join-buffer.ts';

/**
 * Keeps contradictions, one document for those of a record. However records are cut into commits, none is lost: a
 * document is named after the first line that it tells of.
 */
export async function auditConflicts(
  failures: Pick<FailureStore, 'putConflicts'>,
  bucket: BucketId,
  conflicts: readonly OutcomeConflict[],
): Promise<void> {
  const byRecord = Map.groupBy(conflicts, ({ position }) => `${position.shardId}-${position.sequenceNumber}`);
  await Promise.all(
    [...byRecord].map(([record, some]) =>
      failures.putConflicts({
        ...bucket,
        id: `${record}-${some[0]!.position.index}`,
        arrivedAt: toInstant(some[0]!.now),
        conflicts: some.map(({ position, predictionId, predictedAt, held, next }) => ({
          index: position.index,
          predictionId,
          predictedAt: toInstant(predictedAt),
          held,
          next,
        })),
      }),
    ),
  );
}
