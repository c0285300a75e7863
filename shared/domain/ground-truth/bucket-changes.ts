import type { BucketDraft } from './bucket-draft.ts';
import {
  type BucketChanges,
  type BucketState,
  type HourPerformance,
  type JoinEvent,
  profileKey,
} from './bucket-state.ts';
import { advance } from './cursor.ts';
import { withChanges as withDayChanges } from './day-changes.ts';
import { pairedOfHour } from './hour-aggregates.ts';
import { type HourRows, rowsAfter, rowsOfSegment } from './hour-rows.ts';
import type { JoinRules } from './join-rules.ts';
import { findInLayers } from './layered-map.ts';
import { emptyPaired } from './paired.ts';
import { isSamePoint } from './point-codec.ts';
import { addColumnsToProfile } from './profile.ts';
import { type Entry, hourOfKey, isWaitingKey, type SegmentKey, segmentKey } from './segment.ts';
import type { EntryChange } from './segment-codec.ts';
import { type Segment, withChanges } from './segment-log.ts';

type Joined = { readonly state: BucketState; readonly changes: BucketChanges };

/** What the draft comes to: the state after it, and what has to be written of that. */
export function settled(
  draft: BucketDraft,
  state: BucketState,
  events: readonly JoinEvent[],
  rules: JoinRules,
): Joined {
  const revision = state.cursor.revision + 1;
  const written = writtenSegments(draft, revision);
  const segments = new Map([...state.segments, ...written.segments]);
  const rows = rowsOfChanged(draft, state.rows, segments, rules);
  const changes = {
    parts: written.parts,
    profiles: addedProfiles(draft, state, rules),
    ...aggregatesOf([...draft.touched], state.rows, rows, 'without-empty'),
    conflicts: draft.conflicts,
  };
  const profiles = new Map(state.profiles);
  for (const { hour, version, profile } of changes.profiles) profiles.set(profileKey(hour, version), profile);
  const now = events.at(-1)?.now ?? 0;
  const cursor = {
    revision,
    positions: advance(
      state.cursor.positions,
      events.map(({ position }) => position),
    ),
    counters: draft.counters,
    waiting: draft.waiting,
    ...dayChangesAfter(state, changes, rules, now),
  };
  return { changes, state: { segments, profiles, rows, cursor } };
}

/**
 * The aggregates of these hours as the model now sees its writers, of all that their segments hold; undefined when
 * that is nothing. `now` in milliseconds since the epoch. Throws when a segment was not loaded.
 */
export function restateHours(
  state: BucketState,
  hours: readonly string[],
  rules: JoinRules,
  now: number,
): Joined | undefined {
  const rows = new Map(state.rows);
  for (const hour of hours) {
    const segment = state.segments.get(segmentKey(hour));
    if (segment === undefined) throw new Error(`segment ${segmentKey(hour)} was not loaded`);
    rows.set(hour, rowsOfSegment(segment, rules));
  }
  const everyPoint = new Set(Array.from({ length: 12 }, (_, index) => index));
  const touched = hours.map((hour) => [hour, everyPoint] as const);
  const aggregates = aggregatesOf(touched, new Map(), rows, 'with-empty');
  if (aggregates.performance.length === 0) return undefined;
  const changes = { parts: [], profiles: [], conflicts: [], ...aggregates };
  const revision = state.cursor.revision + 1;
  const cursor = { ...state.cursor, revision, ...dayChangesAfter(state, changes, rules, now) };
  return { changes, state: { ...state, rows, cursor } };
}

function writtenSegments(draft: BucketDraft, revision: number) {
  const segments = new Map<SegmentKey, Segment>();
  const parts: BucketChanges['parts'][number][] = [];
  for (const [key, top] of draft.changed()) {
    const base = draft.base(key);
    const changes: EntryChange[] = [];
    for (const entry of top.values()) {
      const change = changeOf(findInLayers(base.entries, entry.predictionId), entry);
      if (change !== undefined) changes.push(change);
    }
    if (changes.length === 0) continue;
    const { segment, part } = withChanges(base, changes, top, revision);
    segments.set(key, segment);
    parts.push({ key, ...part });
  }
  return { segments, parts };
}

/** Undefined when nothing has changed. */
function changeOf(before: Entry | undefined, after: Entry): EntryChange | undefined {
  const held = before?.truths ?? [];
  const isAppended = held.length <= after.truths.length && held.every((truth, i) => truth === after.truths[i]);
  const { predictionId, prediction } = after;
  const isNew = prediction !== undefined && before?.prediction === undefined;
  if (isAppended && held.length === after.truths.length && !isNew) return undefined;
  return {
    predictionId,
    truths: isAppended ? after.truths.slice(held.length) : after.truths,
    ...(isNew && { prediction }),
    ...(!isAppended && { isReplaced: true as const }),
  };
}

function rowsOfChanged(
  draft: BucketDraft,
  held: BucketState['rows'],
  segments: BucketState['segments'],
  rules: JoinRules,
): BucketState['rows'] {
  const rows = new Map(held);
  for (const [key, top] of draft.changed()) {
    if (isWaitingKey(key)) continue;
    const hour = hourOfKey(key);
    const before = held.get(hour);
    const touched = draft.touched.get(hour);
    if (before !== undefined) rows.set(hour, rowsAfter(before, top.values(), touched ?? new Set(), rules));
    else if (touched !== undefined) rows.set(hour, rowsOfSegment(segments.get(key)!, rules));
  }
  return rows;
}

type Touched = readonly (readonly [hour: string, indexes: ReadonlySet<number>])[];

function aggregatesOf(
  touched: Touched,
  before: BucketState['rows'],
  after: BucketState['rows'],
  emptyPairs: 'with-empty' | 'without-empty',
): Pick<BucketChanges, 'performance' | 'paired'> {
  const performance: HourPerformance[] = [];
  const paired: BucketChanges['paired'][number][] = [];
  for (const [hour, indexes] of touched) {
    const rows = after.get(hour) ?? [];
    for (const versions of changedKeys(before.get(hour), rows, indexes))
      performance.push({ hour, versions, points: rows.flatMap(({ points }) => points.get(versions) ?? []) });
    const pairs = new Set([...indexes].flatMap((index) => [...(rows[index]?.paired.keys() ?? [])]));
    for (const key of pairs) {
      const sums = [emptyPaired, ...rows.flatMap((row) => row.paired.get(key) ?? [])];
      const [older = 0, newer = 0] = key.split('#').map(Number);
      const value = pairedOfHour(sums);
      if (value.n > 0 || emptyPairs === 'with-empty') paired.push({ hour, older, newer, paired: value });
    }
  }
  return { performance, paired };
}

/** Keys whose figures are others than before in one of the five minutes that were touched. */
function changedKeys(before: HourRows | undefined, after: HourRows, indexes: ReadonlySet<number>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const index of indexes) {
    for (const [key, point] of after[index]?.points ?? []) {
      const was = before?.[index]?.points.get(key);
      if (was === undefined || !isSamePoint(was, point)) keys.add(key);
    }
  }
  return keys;
}

function addedProfiles(draft: BucketDraft, state: BucketState, { model }: JoinRules): BucketChanges['profiles'] {
  return [...draft.profileRows.groups()].map(({ hour, version, rows }) => {
    const held = state.profiles.get(profileKey(hour, version));
    const baseline = model.versions.get(version)?.baseline;
    if (held === undefined || baseline === undefined) throw new Error(`profile ${hour} ${version} was not loaded`);
    return { hour, version, profile: addColumnsToProfile(held, baseline, rows) };
  });
}

// A bucket that began without them never gets them: what it changed before is not known.
function dayChangesAfter(
  { cursor }: BucketState,
  changes: Pick<BucketChanges, 'profiles' | 'performance'>,
  { longestMinutes }: JoinRules,
  now: number,
) {
  const hours = new Set([...changes.profiles, ...changes.performance].map(({ hour }) => hour));
  const committed = { revision: cursor.revision + 1, hours, now, attributionWindowMinutes: longestMinutes };
  return cursor.changes && { changes: withDayChanges(cursor.changes, committed) };
}
