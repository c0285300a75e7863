import type { SegmentKey } from '../../domain/ground-truth/segment.ts';
import type { AggregateKey, BucketId } from '../../ports/join-buffer.ts';

export type ItemKey = { readonly pk: string; readonly sk: string };

/** Everything of one bucket: its cursor and its segments. */
export function cursorItemKey({ modelId, bucket }: BucketId): ItemKey {
  return { pk: `bucket#${modelId}#${bucket}`, sk: 'cursor' };
}

export function partItemKey(bucket: BucketId, key: SegmentKey, index: number): ItemKey {
  return { pk: cursorItemKey(bucket).pk, sk: `${key}#${index}` };
}

/** All aggregates of a model and day; the sort key lets a window of one kind and version be read without the others. */
export function aggregateItemKey({ modelId, bucket }: BucketId, { kind, hour, versions }: AggregateKey): ItemKey {
  return { pk: aggregatePartition(modelId, hour), sk: `${kind}#${versions}#${hour}#${bucket}` };
}

export function aggregatePartition(modelId: string, hour: string): string {
  return `aggregate#${modelId}#${hour.slice(0, 10)}`;
}

/** First and last sort key of these hours, both inclusive. */
export function aggregateRange(kind: AggregateKey['kind'], versions: string, firstHour: string, lastHour: string) {
  return { first: `${kind}#${versions}#${firstHour}#`, last: `${kind}#${versions}#${lastHour}#~` };
}

export function hourOfAggregate(sortKey: string): string {
  return sortKey.split('#').at(-2) ?? '';
}
