import type { ArmSums, Paired, Profile } from './aggregates.ts';
import type { Cursor, Position } from './cursor.ts';
import type { HourSums } from './hour-sums.ts';
import type { JoinInput } from './join-input.ts';
import type { SegmentKey, Truth } from './segment.ts';
import type { Segment, StoredPart } from './segment-log.ts';

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
  /** Of hours that were summed before; what is absent is summed anew from the hour's segment. */
  readonly sums: ReadonlyMap<string, HourSums>;
};

/** Two outcomes that contradict each other about the same moment; `held` came first and stays. */
export type OutcomeConflict = {
  /** Of the event that brought the conflict up. */
  readonly position: Position;
  readonly now: number;
  readonly predictionId: string;
  readonly predictedAt: number;
  readonly held: Truth;
  readonly next: Truth;
};

/** `versions`: `<version>`, `<version>~<outcome type>` or `<version>@<segment>`. */
export type HourPerformance = {
  readonly hour: string;
  readonly versions: string;
  /** Encoded as by `encodePerformance`, when it is asked for. */
  readonly data: () => Uint8Array;
};

/** Sums over the units of an arm that were assigned in the hour; `versions` is `armKey`. */
export type HourArm = { readonly hour: string; readonly versions: string; readonly sums: ArmSums };

/** What the batch changed; every aggregate replaces the one before. */
export type BucketChanges = {
  /** Encoded when they are asked for. */
  readonly parts: readonly { readonly key: SegmentKey; readonly part: () => StoredPart }[];
  readonly profiles: readonly { hour: string; version: number; profile: Profile }[];
  readonly performance: readonly HourPerformance[];
  readonly paired: readonly { hour: string; older: number; newer: number; paired: Paired }[];
  readonly arms: readonly HourArm[];
  readonly conflicts: readonly OutcomeConflict[];
};

export function profileKey(hour: string, version: number): ProfileKey {
  return `${hour}#${version}`;
}
