import { type Cursor, initialCursor } from '../../domain/ground-truth/cursor.ts';
import type { StoredPart } from '../../domain/ground-truth/segment-log.ts';
import type { AggregateKey, BucketId, JoinBuffer } from '../../ports/join-buffer.ts';
import { bucketMoved } from '../bucket-moved.ts';

export type StoredAggregate = BucketId & AggregateKey & { readonly data: Uint8Array };
export type MemoryJoinBuffer = JoinBuffer & {
  /** What `memory-ground-truth-metrics.ts` reads. */
  readonly stored: () => readonly StoredAggregate[];
};

/** Twin of the join buffer for tests. */
export function createMemoryJoinBuffer(): MemoryJoinBuffer {
  const cursors = new Map<string, Cursor>();
  const logs = new Map<string, Map<number, StoredPart>>();
  const aggregates = new Map<string, StoredAggregate>();
  const idOf = ({ modelId, bucket }: BucketId) => `${modelId}#${bucket}`;
  const logOf = (bucket: BucketId, key: string) => {
    const id = `${idOf(bucket)}#${key}`;
    const log = logs.get(id) ?? new Map<number, StoredPart>();
    logs.set(id, log);
    return log;
  };
  const aggregateId = (bucket: BucketId, { kind, hour, versions }: AggregateKey) =>
    `${idOf(bucket)}#${kind}#${hour}#${versions}`;
  return {
    cursor: async (bucket) => cursors.get(idOf(bucket)) ?? initialCursor,
    segments: async (bucket, keys) => new Map(keys.map((key) => [key, [...logOf(bucket, key).values()]])),
    aggregates: async (bucket, keys) => keys.map((key) => aggregates.get(aggregateId(bucket, key))?.data),
    commit: async (bucket, writes) => {
      const { revision } = cursors.get(idOf(bucket)) ?? initialCursor;
      if (writes.cursor.revision !== revision + 1) throw bucketMoved(bucket);
      cursors.set(idOf(bucket), writes.cursor);
      for (const { key, index, from, to, data } of writes.parts)
        logOf(bucket, key).set(index, { index, from, to, data });
      for (const aggregate of writes.aggregates)
        aggregates.set(aggregateId(bucket, aggregate), { ...bucket, ...aggregate });
    },
    stored: () => [...aggregates.values()],
  };
}
