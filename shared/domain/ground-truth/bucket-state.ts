import type { Paired, Profile } from './aggregates.ts';
import type { Cursor, Position } from './cursor.ts';
import type { PerformancePoint } from './hour-aggregates.ts';
import type { JoinInput } from './join-input.ts';
import type { Part, Segment, SegmentKey } from './segment.ts';

/** A valid event of one bucket. `now` is when its record arrived: milliseconds since the epoch. `writer` signed it. */
export type JoinEvent = {
  readonly position: Position;
  readonly now: number;
  readonly writer: string;
  readonly event: JoinInput;
};

export type ProfileKey = `${string}#${number}`;

/** What of a bucket was loaded. An hour that holds nothing is there and empty; one that was not loaded is absent. */
export type BucketState = {
  readonly cursor: Cursor;
  readonly segments: ReadonlyMap<SegmentKey, Segment>;
  readonly profiles: ReadonlyMap<ProfileKey, Profile>;
};

/** What the batch changed; every value replaces the one before. */
export type BucketChanges = {
  readonly parts: readonly { key: SegmentKey; index: number; count: number; part: Part }[];
  readonly profiles: readonly { hour: string; version: number; profile: Profile }[];
  readonly performance: readonly { hour: string; version: number; points: readonly PerformancePoint[] }[];
  readonly paired: readonly { hour: string; older: number; newer: number; paired: Paired }[];
};

export function profileKey(hour: string, version: number): ProfileKey {
  return `${hour}#${version}`;
}
