import { decodeProfile } from '../../domain/ground-truth/aggregate-codec.ts';
import type { Profile } from '../../domain/ground-truth/aggregates.ts';
import type { BucketState, JoinEvent, OutcomeConflict, ProfileKey } from '../../domain/ground-truth/bucket-state.ts';
import { isApplied } from '../../domain/ground-truth/cursor.ts';
import { join } from '../../domain/ground-truth/join.ts';
import { needsOf } from '../../domain/ground-truth/join-needs.ts';
import { emptyProfile } from '../../domain/ground-truth/profile.ts';
import { hourOfKey, type SegmentKey } from '../../domain/ground-truth/segment.ts';
import { type Segment, segmentOf } from '../../domain/ground-truth/segment-log.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import type { BucketId, JoinBuffer } from '../../ports/join-buffer.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import type { BucketCache } from './bucket-cache.ts';
import { bucketWrites, fitsTransaction } from './bucket-writes.ts';

export type Joining = {
  readonly buffer: JoinBuffer;
  readonly cache: BucketCache;
  /** Keeps contradictions for a person to look at; the same again replaces itself. @default nobody is told */
  readonly audit?: (bucket: BucketId, conflicts: readonly OutcomeConflict[]) => Promise<void>;
};

/** Events of one bucket, in the order of their positions. */
export type BucketEvents = {
  readonly bucket: BucketId;
  readonly model: ServedModel;
  readonly events: readonly JoinEvent[];
};

/**
 * Applies the events that are not yet applied, each exactly once however often it is delivered. Throws
 * `VersionConflict` when others keep committing to the bucket, `DependencyUnavailable` when the buffer does not answer.
 */
export async function joinBucket(joining: Joining, batch: BucketEvents): Promise<Joined> {
  const { buffer, cache } = joining;
  return withRetryOnConflict(async () => {
    const held = cache.take(batch.bucket) ?? (await startOf(buffer, batch.bucket));
    const left = batch.events.filter(({ position }) => !isApplied(held.cursor, position));
    const after = await applyInOrder(joining, { ...batch, events: left }, held);
    cache.put(batch.bucket, after);
    return { before: held, after };
  });
}

/** The bucket before and after. */
export type Joined = { readonly before: BucketState; readonly after: BucketState };

// The cursor first: what is read after it and was changed meanwhile is refused at the commit.
async function startOf(buffer: JoinBuffer, bucket: BucketId): Promise<BucketState> {
  return { cursor: await buffer.cursor(bucket), segments: new Map(), profiles: new Map(), sums: new Map() };
}

/** In one transaction, or halves of the events in successive ones when that is too large. */
async function applyInOrder(joining: Joining, batch: BucketEvents, held: BucketState): Promise<BucketState> {
  const { buffer, audit } = joining;
  const { bucket, model, events } = batch;
  if (events.length === 0) return held;
  const { state, changes } = join(await withNeeds(buffer, batch, held), events, model);
  const writes = bucketWrites(changes, state.cursor, model);
  if (events.length === 1 || fitsTransaction(writes)) {
    // Before the commit, after which nobody would do it.
    if (changes.conflicts.length > 0) await audit?.(bucket, changes.conflicts);
    await buffer.commit(bucket, writes);
    return state;
  }
  const middle = Math.ceil(events.length / 2);
  const between = await applyInOrder(joining, { ...batch, events: events.slice(0, middle) }, held);
  return applyInOrder(joining, { ...batch, events: events.slice(middle) }, between);
}

async function withNeeds(buffer: JoinBuffer, batch: BucketEvents, held: BucketState): Promise<BucketState> {
  const needs = needsOf(batch.events, held.cursor, batch.model);
  const [segments, profiles] = await Promise.all([
    readSegments(
      buffer,
      batch.bucket,
      needs.segments.filter((key) => !held.segments.has(key)),
    ),
    readProfiles(
      buffer,
      batch.bucket,
      needs.profiles.filter((key) => !held.profiles.has(key)),
    ),
  ]);
  const used = lastUsed(held.segments, needs.segments, segments);
  const hours = new Set([...used.keys()].map(hourOfKey));
  return {
    cursor: held.cursor,
    segments: used,
    profiles: lastUsed(held.profiles, needs.profiles, profiles),
    sums: new Map([...held.sums].filter(([hour]) => hours.has(hour))),
  };
}

// Outcomes come for the hours of a day or two; what is older is hardly asked for again.
const rememberedHours = 64;

/** What is needed now, after the most recently used of the rest. */
function lastUsed<K, V>(held: ReadonlyMap<K, V>, needed: readonly K[], read: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  const used = new Map(held);
  for (const key of needed) {
    const value = held.get(key) ?? read.get(key);
    used.delete(key);
    if (value !== undefined) used.set(key, value);
  }
  return new Map([...used].slice(-Math.max(rememberedHours, needed.length)));
}

export async function readSegments(buffer: JoinBuffer, bucket: BucketId, keys: readonly SegmentKey[]) {
  if (keys.length === 0) return new Map<SegmentKey, Segment>();
  const stored = await buffer.segments(bucket, keys);
  return new Map(keys.map((key) => [key, segmentOf(stored.get(key) ?? [])]));
}

async function readProfiles(buffer: JoinBuffer, bucket: BucketId, keys: readonly ProfileKey[]) {
  if (keys.length === 0) return new Map<ProfileKey, Profile>();
  const wanted = keys.map((key) => {
    const [hour = '', versions = ''] = key.split('#');
    return { kind: 'profile', hour, versions } as const;
  });
  const stored = await buffer.aggregates(bucket, wanted);
  return new Map(
    keys.map((key, i) => {
      const data = stored[i];
      return [key, data === undefined ? emptyProfile : decodeProfile(data)];
    }),
  );
}
