import { encodePaired, encodePerformance, encodeProfile } from '../../domain/ground-truth/aggregate-codec.ts';
import { garbageAt } from '../../domain/ground-truth/attribution-window.ts';
import type { BucketChanges } from '../../domain/ground-truth/bucket-state.ts';
import type { Cursor } from '../../domain/ground-truth/cursor.ts';
import { hourOfKey } from '../../domain/ground-truth/segment.ts';
import { encodePart } from '../../domain/ground-truth/segment-codec.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import { type BucketWrites, maximumWrites } from '../../ports/join-buffer.ts';

/** The changes as items of one transaction. */
export function bucketWrites(changes: BucketChanges, cursor: Cursor, model: ServedModel): BucketWrites {
  return {
    cursor,
    parts: changes.parts.map(({ part, ...where }) => ({
      ...where,
      data: encodePart(part),
      garbageAt: garbageAt(hourOfKey(where.key), model.attributionWindowMinutes),
    })),
    aggregates: [
      ...changes.profiles.map(({ hour, version, profile }) => ({
        kind: 'profile' as const,
        hour,
        versions: String(version),
        data: encodeProfile(profile),
      })),
      ...changes.performance.map(({ hour, version, points }) => ({
        kind: 'performance' as const,
        hour,
        versions: String(version),
        data: encodePerformance(points),
      })),
      ...changes.paired.map(({ hour, older, newer, paired }) => ({
        kind: 'paired' as const,
        hour,
        versions: `${older}#${newer}`,
        data: encodePaired(paired),
      })),
    ],
  };
}

export function fitsTransaction({ parts, aggregates }: BucketWrites): boolean {
  const items = [...parts, ...aggregates];
  const bytes = items.reduce((sum, { data }) => sum + data.length, 0);
  return items.length < maximumWrites.items && bytes <= maximumWrites.bytes;
}
