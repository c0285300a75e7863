import { packColumns } from '../../domain/ground-truth/pack-columns.ts';
import { bucketedId, type PackedEvent } from '../../domain/ground-truth/records.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { bucketOf, partitionKeyOf } from '../../domain/ground-truth/wire-format.ts';
import { writerKey } from '../../domain/ground-truth/writer-key.ts';
import type { EventStream } from '../../ports/event-stream.ts';
import type { RootSecret } from '../../ports/root-secret.ts';

export type Publishing = { readonly stream: EventStream; readonly rootSecret: RootSecret };

type ModelEvents = { readonly model: ServedModel; readonly event: PackedEvent };

/**
 * Packs checked events by bucket, signs them as `writer`, one of Runway's own, and puts them on the stream. Throws
 * `DependencyUnavailable`.
 */
export async function publishEvents(
  { stream, rootSecret }: Publishing,
  writer: string,
  events: readonly ModelEvents[],
): Promise<void> {
  if (events.length === 0) return;
  const key = writerKey(await rootSecret.read(), writer);
  const records = groupByBucket(events).flatMap(({ modelId, bucket, packed }) =>
    packColumns(packed, { writer, key, modelId, bucket }).map((data) => ({
      partitionKey: partitionKeyOf(modelId, bucket),
      data,
    })),
  );
  await stream.put(records);
}

function groupByBucket(events: readonly ModelEvents[]) {
  const groups = new Map<string, { modelId: string; bucket: number; packed: PackedEvent[] }>();
  for (const { model, event } of events) {
    const bucket = bucketOf(bucketedId(event), model.buckets);
    const key = partitionKeyOf(model.modelId, bucket);
    const group = groups.get(key) ?? { modelId: model.modelId, bucket, packed: [] };
    group.packed.push(event);
    groups.set(key, group);
  }
  return [...groups.values()];
}
