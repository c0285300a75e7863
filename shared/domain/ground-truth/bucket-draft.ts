import type { Cursor, JoinCounters } from './cursor.ts';
import { pairsOf, type VersionPair } from './hour-aggregates.ts';
import type { ProfiledRow } from './profile-accumulator.ts';
import {
  type BufferedPrediction,
  type Entry,
  entryBytes,
  findEntry,
  maximumPartBytes,
  type Part,
  type Segment,
  type SegmentKey,
} from './segment.ts';

/** A part that may be written to, because it is a copy. */
type OwnPart = { readonly entries: Map<string, Entry>; bytes: number };
/** `parts` are those of the base, with the copies in their places; `own` has the copies by index. */
type DraftSegment = { readonly base: Segment; readonly parts: Part[]; readonly own: Map<number, OwnPart> };

type HourTouched = { readonly versions: Set<number>; readonly pairs: Map<string, VersionPair> };

/** One batch's view of a bucket: writes copy the part they touch, so the state it started from stays as it is. */
export class BucketDraft {
  readonly counters: { -readonly [K in keyof JoinCounters]: number };
  readonly waiting: Partial<Record<SegmentKey, number>>;
  /** Hours whose aggregates have to be computed again, and for which versions. */
  readonly touchedHours = new Map<string, HourTouched>();
  /** New predictions by hour and version. */
  readonly newRows = new Map<string, Map<number, ProfiledRow[]>>();
  readonly #loaded: ReadonlyMap<SegmentKey, Segment>;
  readonly #drafts = new Map<SegmentKey, DraftSegment>();

  constructor(cursor: Cursor, segments: ReadonlyMap<SegmentKey, Segment>) {
    this.counters = { ...cursor.counters };
    this.waiting = { ...cursor.waiting };
    this.#loaded = segments;
  }

  segment(key: SegmentKey): Segment {
    return this.#drafts.get(key) ?? this.#base(key);
  }

  find(key: SegmentKey, predictionId: string): Entry | undefined {
    return findEntry(this.segment(key), predictionId);
  }

  put(key: SegmentKey, entry: Entry): void {
    const part = this.#partFor(key, entry);
    const held = part.entries.get(entry.predictionId);
    part.bytes += entryBytes(entry) - (held === undefined ? 0 : entryBytes(held));
    part.entries.set(entry.predictionId, entry);
  }

  remove(key: SegmentKey, entry: Entry): void {
    const part = this.#partFor(key, entry);
    if (part.entries.delete(entry.predictionId)) part.bytes -= entryBytes(entry);
  }

  /** Counts outcomes that start (positive) or cease (negative) to wait in a segment. */
  countWaiting(key: SegmentKey, change: number): void {
    const count = (this.waiting[key] ?? 0) + change;
    if (count > 0) this.waiting[key] = count;
    else {
      // Fewer than none: the hour was given up meanwhile and its outcomes were counted as orphans.
      this.counters.orphanedOutcomes += count;
      delete this.waiting[key];
    }
  }

  touchAggregates(hour: string, prediction: BufferedPrediction): void {
    const touched = this.touchedHours.get(hour) ?? { versions: new Set(), pairs: new Map() };
    touched.versions.add(prediction.version);
    for (const pair of pairsOf(prediction)) touched.pairs.set(`${pair.older}#${pair.newer}`, pair);
    this.touchedHours.set(hour, touched);
  }

  addRow(hour: string, version: number, row: ProfiledRow): void {
    const byVersion = this.newRows.get(hour) ?? new Map<number, ProfiledRow[]>();
    const rows = byVersion.get(version) ?? [];
    rows.push(row);
    this.newRows.set(hour, byVersion.set(version, rows));
  }

  /** The segments written to, with the indexes of the parts that changed. */
  changed(): readonly { readonly key: SegmentKey; readonly segment: Segment; readonly parts: readonly number[] }[] {
    return [...this.#drafts].map(([key, { base, parts, own }]) => {
      // The first part says how many there are.
      const grew = parts.length > base.parts.length && !own.has(0);
      return { key, segment: { parts }, parts: grew ? [0, ...own.keys()] : [...own.keys()] };
    });
  }

  #partFor(key: SegmentKey, entry: Entry): OwnPart {
    const draft = this.#drafts.get(key) ?? draftOf(this.#base(key));
    this.#drafts.set(key, draft);
    const index = indexFor(draft, entry);
    const own = draft.own.get(index) ?? copyOf(draft.parts[index]);
    draft.own.set(index, own);
    draft.parts[index] = own;
    return own;
  }

  #base(key: SegmentKey): Segment {
    const segment = this.#loaded.get(key);
    if (segment === undefined) throw new Error(`segment ${key} was not loaded`);
    return segment;
  }
}

function draftOf(base: Segment): DraftSegment {
  return { base, parts: [...base.parts], own: new Map() };
}

function copyOf(part: Part | undefined): OwnPart {
  return { entries: new Map(part?.entries), bytes: part?.bytes ?? 0 };
}

/** The part the entry is in; a new one goes to the last part as long as there is room. */
function indexFor({ parts }: Segment, entry: Entry): number {
  const held = parts.findIndex(({ entries }) => entries.has(entry.predictionId));
  if (held >= 0) return held;
  const last = parts.at(-1);
  if (last === undefined) return 0;
  return last.bytes + entryBytes(entry) <= maximumPartBytes ? parts.length - 1 : parts.length;
}
