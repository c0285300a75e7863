import { encodeArm, encodePaired, encodeProfile } from '../../domain/ground-truth/aggregate-codec.ts';
import { garbageAt } from '../../domain/ground-truth/attribution-window.ts';
import type { BucketChanges } from '../../domain/ground-truth/bucket-state.ts';
import type { Cursor } from '../../domain/ground-truth/cursor.ts';
import { hourOfKey } from '../../domain/ground-truth/segment.ts';
import { maximumPartBytes } from '../../domain/ground-truth/segment-log.ts';
import { longestWindowMinutes, type ServedModel } from '../../domain/ground-truth/served-model.ts';
import { type BucketWrites, maximumWrites } from '../../ports/join-buffer.ts';

/** The changes as items of one transaction. */
export function bucketWrites(changes: BucketChanges, cursor: Cursor, model: ServedModel): BucketWrites {
  return {
    cursor,
    parts: changes.parts.map(({ key, part }) => ({
      key,
      ...part(),
      garbageAt: garbageAt(hourOfKey(key), longestWindowMinutes(model)),
    })),
    aggregates: [
      ...changes.profiles.map(({ hour, version, profile }) => ({
        kind: 'profile' as const,
        hour,
        versions: String(version),
        data: encodeProfile(profile),
      })),
      ...changes.performance.map(({ hour, versions, data }) => ({
        kind: 'performance' as const,
        hour,
        versions,
        data: data(),
      })),
      ...changes.paired.map(({ hour, older, newer, paired }) => ({
        kind: 'paired' as const,
        hour,
        versions: `${older}#${newer}`,
        data: encodePaired(paired),
      })),
      ...changes.arms.map(({ hour, versions, sums }) => ({
        kind: 'arm' as const,
        hour,
        versions,
        data: encodeArm(sums),
      })),
    ],
  };
}

export function fitsTransaction({ parts, aggregates }: BucketWrites): boolean {
  const sizes = [...parts, ...aggregates].map(({ data }) => data.length);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.length < maximumWrites.items && bytes <= maximumWrites.bytes && Math.max(...sizes) <= maximumPartBytes;
}
