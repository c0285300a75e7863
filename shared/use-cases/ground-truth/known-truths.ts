import { joinOutcome } from '../../domain/ground-truth/join-input.ts';
import { segmentKeysForOutcome } from '../../domain/ground-truth/join-needs.ts';
import type { Outcome } from '../../domain/ground-truth/records.ts';
import { type SegmentKey, type Truth, truthOf } from '../../domain/ground-truth/segment.ts';
import { findEntry, type Segment, segmentOf } from '../../domain/ground-truth/segment-log.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { exclusionOf, standingTruth } from '../../domain/ground-truth/truths.ts';
import { bucketOf } from '../../domain/ground-truth/wire-format.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { JoinBuffer } from '../../ports/join-buffer.ts';
import type { GoodItem } from './check-items.ts';

/**
 * What stands already, as `writer` said it, of what each outcome is about, its type and item of its prediction, in the
 * order of the outcomes; usually nothing.
 */
export async function knownTruths(
  buffer: Pick<JoinBuffer, 'segments'>,
  items: readonly GoodItem<Outcome>[],
  { now, writer }: { readonly now: Instant; readonly writer: string },
): Promise<readonly (readonly Truth[])[]> {
  const places = items.map(({ model, record }) => ({
    bucket: { modelId: model.modelId, bucket: bucketOf(record.predictionId, model.buckets) },
    keys: segmentKeysForOutcome(joinOutcome(record), model, toMillis(now)),
    predictionId: record.predictionId,
    standing: standingFor(record, model, writer),
  }));
  const segments = await readSegments(buffer, places);
  return places.map(({ bucket, keys, predictionId, standing }) =>
    keys.flatMap((key) => {
      const segment = segments.get(`${bucket.modelId}#${bucket.bucket}#${key}`);
      return standing((segment && findEntry(segment, predictionId)?.truths) ?? []) ?? [];
    }),
  );
}

// What others say is for the join: a false label must not keep a true one out.
function standingFor(record: Outcome, model: ServedModel, by: string) {
  const primaryType = model.outcomeTypes[0]?.name ?? '';
  const aim = truthOf(joinOutcome(record), { writer: '', now: 0, primaryType });
  const isExcluded = exclusionOf(model.distrusted);
  return (truths: readonly Truth[]) =>
    standingTruth(
      truths.filter(({ writer }) => writer === undefined || writer === by),
      aim,
      isExcluded,
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
        segments.set(`${id}#${key}`, segmentOf(parts));
    }),
  );
  return segments;
}
