import { type Cursor, initialCursor } from '../../domain/ground-truth/cursor.ts';
import type { AggregateKey, BucketId, JoinBuffer, PartWrite } from '../../ports/join-buffer.ts';
import { bucketMoved } from '../bucket-moved.ts';

export type StoredAggregate = BucketId & AggregateKey & { readonly data: Uint8Array };
export type MemoryJoinBuffer = JoinBuffer & {
  /** What `memory-ground-truth-metrics.ts` reads. */
  readonly stored: () => readonly StoredAggregate[];
};

/** Twin of the join buffer for tests. */
export function createMemoryJoinBuffer(): MemoryJoinBuffer {
  const cursors = new Map<string, Cursor>();
  const parts = new Map<string, PartWrite>();
  const aggregates = new Map<string, StoredAggregate>();
  const idOf = ({ modelId, bucket }: BucketId) => `${modelId}#${bucket}`;
  const partId = (bucket: BucketId, key: string, index: number) => `${idOf(bucket)}#${key}#${index}`;
  const aggregateId = (bucket: BucketId, { kind, hour, versions }: AggregateKey) =>
    `${idOf(bucket)}#${kind}#${hour}#${versions}`;
  const partsOf = (bucket: BucketId, key: string) => {
    const count = parts.get(partId(bucket, key, 0))?.count ?? 0;
    return Array.from({ length: count }, (_, i) => parts.get(partId(bucket, key, i))!.data);
  };
  return {
    cursor: async (bucket) => cursors.get(idOf(bucket)) ?? initialCursor,
    segments: async (bucket, keys) => new Map(keys.map((key) => [key, partsOf(bucket, key)])),
    aggregates: async (bucket, keys) => keys.map((key) => aggregates.get(aggregateId(bucket, key))?.data),
    commit: async (bucket, writes) => {
      const { revision } = cursors.get(idOf(bucket)) ?? initialCursor;
      if (writes.cursor.revision !== revision + 1) throw bucketMoved(bucket);
      cursors.set(idOf(bucket), writes.cursor);
      for (const part of writes.parts) parts.set(partId(bucket, part.key, part.index), part);
      for (const aggregate of writes.aggregates)
        aggregates.set(aggregateId(bucket, aggregate), { ...bucket, ...aggregate });
    },
    stored: () => [...aggregates.values()],
  };
}
