import { lazily } from '../lazily.ts';
import type { BucketDraft, DraftedSegment } from './bucket-draft.ts';
import {
  type BucketChanges,
  type BucketState,
  type HourPerformance,
  type JoinEvent,
  profileKey,
} from './bucket-state.ts';
import { advance } from './cursor.ts';
import { withChanges as withDayChanges } from './day-changes.ts';
import { type HourSums, sumsAfter, sumsOfSegment } from './hour-sums.ts';
import type { JoinRules } from './join-rules.ts';
import { joinPoints } from './point-codec.ts';
import { addColumnsToProfile } from './profile.ts';
import { type Entry, type SegmentKey, segmentKey, unitsKey } from './segment.ts';
import type { EntryChange } from './segment-codec.ts';
import { type Segment, withChanges } from './segment-log.ts';
import { allArms, changedArms } from './unit-arms.ts';

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
  const sums = sumsOfTouched(draft, state.sums, segments, rules);
  const changes = {
    parts: written.parts,
    profiles: addedProfiles(draft, state, rules),
    ...aggregatesOf(draft.touched, state.sums, sums, 'without-empty'),
    arms: changedArms(draft.segments(), segments, rules),
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
  return { changes, state: { segments, profiles, sums, cursor } };
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
  const sums = new Map(state.sums);
  for (const hour of hours) {
    const segment = state.segments.get(segmentKey(hour));
    if (segment === undefined) throw new Error(`segment ${segmentKey(hour)} was not loaded`);
    sums.set(hour, sumsOfSegment(segment.entries, rules));
  }
  const aggregates = aggregatesOf(hours, new Map(), sums, 'with-empty');
  const arms = hours.flatMap((hour) => allArms(hour, state.segments.get(unitsKey(hour)), rules));
  if (aggregates.performance.length === 0 && arms.length === 0) return undefined;
  const changes = { parts: [], profiles: [], conflicts: [], arms, ...aggregates };
  const revision = state.cursor.revision + 1;
  const cursor = { ...state.cursor, revision, ...dayChangesAfter(state, changes, rules, now) };
  return { changes, state: { ...state, sums, cursor } };
}

function writtenSegments(draft: BucketDraft, revision: number) {
  const segments = new Map<SegmentKey, Segment>();
  const parts: BucketChanges['parts'][number][] = [];
  for (const [key, drafted] of draft.segments()) {
    if (changesOf(drafted).next().done) continue;
    const { segment, part } = withChanges(drafted.base, () => [...changesOf(drafted)], drafted, revision);
    segments.set(key, segment);
    parts.push({ key, part });
  }
  return { segments, parts };
}

function* changesOf({ top, befores }: DraftedSegment): Generator<EntryChange> {
  let i = 0;
  for (const entry of top.values()) {
    const change = changeOf(befores[i], entry);
    if (change !== undefined) yield change;
    i += 1;
  }
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

function sumsOfTouched(
  draft: BucketDraft,
  held: BucketState['sums'],
  segments: BucketState['segments'],
  rules: JoinRules,
): BucketState['sums'] {
  const sums = new Map(held);
  for (const hour of draft.touched) {
    const before = held.get(hour);
    const after = before && sumsAfter(before, draft.segments().get(segmentKey(hour)), rules);
    sums.set(hour, after ?? sumsOfSegment(segments.get(segmentKey(hour))!.entries, rules));
  }
  return sums;
}

/** What was summed otherwise than before in these hours; all of it where nothing is known of before. */
function aggregatesOf(
  hours: Iterable<string>,
  before: BucketState['sums'],
  after: BucketState['sums'],
  emptyPairs: 'with-empty' | 'without-empty',
): Pick<BucketChanges, 'performance' | 'paired'> {
  const performance: HourPerformance[] = [];
  const paired: BucketChanges['paired'][number][] = [];
  for (const hour of hours) {
    const [was, is] = [before.get(hour), after.get(hour)];
    for (const [versions, all] of is?.points ?? [])
      if (hasChanged(was?.points.get(versions), all))
        performance.push({
          hour,
          versions,
          data: lazily(() => joinPoints(all.flatMap((each) => each?.encoded() ?? []))),
        });
    for (const [pair, { paired: value }] of is?.pairs ?? []) {
      if (was?.pairs.get(pair)?.paired === value) continue;
      const [older = 0, newer = 0] = pair.split('#').map(Number);
      if (value.n > 0 || emptyPairs === 'with-empty') paired.push({ hour, older, newer, paired: value });
    }
  }
  return { performance, paired };
}

type Points = HourSums['points'] extends ReadonlyMap<string, infer P> ? P : never;

function hasChanged(before: Points | undefined, after: Points): boolean {
  return after.some((each, index) => each !== before?.[index]);
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
