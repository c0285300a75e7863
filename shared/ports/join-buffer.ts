import type { AggregateKind } from '../domain/ground-truth/aggregate-codec.ts';
import type { Cursor } from '../domain/ground-truth/cursor.ts';
import type { SegmentKey } from '../domain/ground-truth/segment.ts';
import type { StoredPart } from '../domain/ground-truth/segment-log.ts';
import type { Instant } from '../domain/time.ts';

export type BucketId = { readonly modelId: string; readonly bucket: number };

/** One part of a segment's log; it replaces the one of its index, if there is one. */
export type PartWrite = StoredPart & {
  readonly key: SegmentKey;
  /** Nothing asks for it after this moment. */
  readonly garbageAt: Instant;
};

/** An aggregate of one hour and bucket. `versions`: a versions key, `older#newer` or an `armKey`. */
export type AggregateKey = { readonly kind: AggregateKind; readonly hour: string; readonly versions: string };

/** Encoded by `aggregate-codec.ts`. */
export type AggregateWrite = AggregateKey & { readonly data: Uint8Array };

export type BucketWrites = {
  /** Its revision is the one that was read plus one. */
  readonly cursor: Cursor;
  readonly parts: readonly PartWrite[];
  readonly aggregates: readonly AggregateWrite[];
};

/** What one transaction takes: 100 items and 4 MB in DynamoDB, with room to spare. */
export const maximumWrites = { items: 90, bytes: 3_000_000 } as const;

/**
 * The buffer in which predictions and outcomes of a bucket meet. Reads are strongly consistent. Twins:
 * `adapters/memory`, `adapters/dynamodb`.
 */
export interface JoinBuffer {
  /** The initial cursor for a bucket without one. Read it before what is to be committed on top of it. */
  cursor(bucket: BucketId): Promise<Cursor>;
  /** The parts of each segment in any order, stale ones among them; a segment that holds nothing has none. */
  segments(bucket: BucketId, keys: readonly SegmentKey[]): Promise<ReadonlyMap<SegmentKey, readonly StoredPart[]>>;
  /** In the order of the keys, undefined where there is none. */
  aggregates(bucket: BucketId, keys: readonly AggregateKey[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * All or nothing. Throws `VersionConflict` unless the cursor's revision is still the one before: somebody else
   * committed since, and everything read of the bucket is out of date.
   */
  commit(bucket: BucketId, writes: BucketWrites): Promise<void>;
}
