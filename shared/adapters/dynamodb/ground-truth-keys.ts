import { hourOfKey, type SegmentKey } from '../../domain/ground-truth/segment.ts';
import { hourMillis, hourStart, toMillis } from '../../domain/time.ts';
import type { AggregateKey, BucketId } from '../../ports/join-buffer.ts';

export type ItemKey = { readonly pk: string; readonly sk: string };

/** Everything of one bucket: its cursor and its segments. */
export function cursorItemKey({ modelId, bucket }: BucketId): ItemKey {
  return { pk: `bucket#${modelId}#${bucket}`, sk: 'cursor' };
}

export function partItemKey(bucket: BucketId, key: SegmentKey, index: number): ItemKey {
  return { pk: cursorItemKey(bucket).pk, sk: `${key}#${index}` };
}

/** Of a part's sort key. */
export function placeOfPart(sortKey: string): { readonly key: SegmentKey; readonly index: number } {
  const end = sortKey.lastIndexOf('#');
  return { key: sortKey.slice(0, end) as SegmentKey, index: Number(sortKey.slice(end + 1)) };
}

/** First and last of some keys between which there are no others. */
export type KeyRun = { readonly first: SegmentKey; readonly last: SegmentKey };

/** Segments of one kind and successive hours together. */
export function neighbouringKeys(keys: readonly SegmentKey[]): readonly KeyRun[] {
  const runs: { first: SegmentKey; last: SegmentKey }[] = [];
  for (const key of [...keys].sort()) {
    const run = runs.at(-1);
    if (run !== undefined && isNext(run.last, key)) run.last = key;
    else runs.push({ first: key, last: key });
  }
  return runs;
}

function isNext(before: SegmentKey, key: SegmentKey): boolean {
  const [kind, start] = partsOf(before);
  const [nextKind, nextStart] = partsOf(key);
  return kind === nextKind && nextStart - start <= hourMillis;
}

function partsOf(key: SegmentKey): readonly [kind: string, start: number] {
  return [key.slice(0, key.indexOf('#')), toMillis(hourStart(hourOfKey(key)))];
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
