import { joinOutcome } from '../../domain/ground-truth/join-input.ts';
import { segmentKeysForOutcome } from '../../domain/ground-truth/join-needs.ts';
import type { Outcome } from '../../domain/ground-truth/records.ts';
import { findEntry, type Segment, type SegmentKey, type Truth } from '../../domain/ground-truth/segment.ts';
import { decodePart } from '../../domain/ground-truth/segment-codec.ts';
import { bucketOf } from '../../domain/ground-truth/wire-format.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { JoinBuffer } from '../../ports/join-buffer.ts';
import type { GoodItem } from './check-items.ts';

/** What the join knows already of each outcome's prediction, in the order of the outcomes; usually nothing. */
export async function knownTruths(
  buffer: Pick<JoinBuffer, 'segments'>,
  items: readonly GoodItem<Outcome>[],
  now: Instant,
): Promise<readonly (readonly Truth[])[]> {
  const places = items.map(({ model, record }) => ({
    bucket: { modelId: model.modelId, bucket: bucketOf(record.predictionId, model.buckets) },
    keys: segmentKeysForOutcome(joinOutcome(record), model, toMillis(now)),
    predictionId: record.predictionId,
  }));
  const segments = await readSegments(buffer, places);
  return places.map(({ bucket, keys, predictionId }) =>
    keys.flatMap((key) => truthsIn(segments.get(`${bucket.modelId}#${bucket.bucket}#${key}`), predictionId)),
  );
}

type Place = { readonly bucket: Parameters<JoinBuffer['segments']>[0]; readonly keys: readonly SegmentKey[] };

async function readSegments(buffer: Pick<JoinBuffer, 'segments'>, places: readonly Place[]) {
  const byBucket = new Map<string, { bucket: Place['bucket']; keys: Set<SegmentKey> }>();
  for (const { bucket, keys } of places) {
    const id = `${bucket.modelId}#${bucket.bucket}`;
    const group = byBucket.get(id) ?? { bucket, keys: new Set() };
    for (const key of keys) group.keys.add(key);
    byBucket.set(id, group);
  }
  const segments = new Map<string, Segment>();
  await Promise.all(
    [...byBucket].map(async ([id, { bucket, keys }]) => {
      for (const [key, parts] of await buffer.segments(bucket, [...keys]))
        segments.set(`${id}#${key}`, { parts: parts.map(decodePart) });
    }),
  );
  return segments;
}

function truthsIn(segment: Segment | undefined, predictionId: string): readonly Truth[] {
  const entry = segment && findEntry(segment, predictionId);
  if (entry === undefined) return [];
  if (entry.prediction === undefined) return entry.waiting;
  return entry.truth === undefined ? [] : [entry.truth];
}
