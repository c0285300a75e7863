import type { Cursor, JoinCounters } from './cursor.ts';
import { pairsOf, type VersionPair } from './hour-aggregates.ts';
import type { ProfiledRow } from './profile.ts';
import {
  type BufferedPrediction,
  type Entry,
  entryBytes,
  findEntry,
  maximumPartBytes,
  type Segment,
  type SegmentKey,
} from './segment.ts';

type DraftPart = { entries: Map<string, Entry>; bytes: number };
/** `undefined` marks a part nobody has written to yet. */
type DraftSegment = { readonly base: Segment; readonly parts: (DraftPart | undefined)[] };

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

  find(key: SegmentKey, predictionId: string): Entry | undefined {
    const draft = this.#drafts.get(key);
    return findEntry(draft === undefined ? this.#base(key) : segmentOf(draft), predictionId);
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

  segment(key: SegmentKey): Segment {
    const draft = this.#drafts.get(key);
    return draft === undefined ? this.#base(key) : segmentOf(draft);
  }

  /** The segments written to, with the indexes of the parts that changed. */
  changed(): readonly { readonly key: SegmentKey; readonly segment: Segment; readonly parts: readonly number[] }[] {
    return [...this.#drafts].map(([key, draft]) => {
      const written = draft.parts.flatMap((part, index) => (part === undefined ? [] : [index]));
      // The first part says how many there are.
      const grew = draft.parts.length > draft.base.parts.length && !written.includes(0);
      return { key, segment: segmentOf(draft), parts: grew ? [0, ...written] : written };
    });
  }

  #partFor(key: SegmentKey, entry: Entry): DraftPart {
    const draft = this.#drafts.get(key) ?? { base: this.#base(key), parts: this.#base(key).parts.map(() => undefined) };
    this.#drafts.set(key, draft);
    const index = indexFor(draft, entry);
    const held = draft.parts[index] ?? copyOf(draft.base.parts[index]);
    draft.parts[index] = held;
    return held;
  }

  #base(key: SegmentKey): Segment {
    const segment = this.#loaded.get(key);
    if (segment === undefined) throw new Error(`segment ${key} was not loaded`);
    return segment;
  }
}

function copyOf(part: Segment['parts'][number] | undefined): DraftPart {
  return { entries: new Map(part?.entries), bytes: part?.bytes ?? 0 };
}

function segmentOf({ base, parts }: DraftSegment): Segment {
  return { parts: parts.map((part, index) => part ?? base.parts[index]!) };
}

/** The part the entry is in; a new one goes to the last part as long as there is room. */
function indexFor(draft: DraftSegment, entry: Entry): number {
  const { parts } = segmentOf(draft);
  const held = parts.findIndex((part) => part.entries.has(entry.predictionId));
  if (held >= 0) return held;
  const last = parts.at(-1);
  if (last === undefined) return 0;
  return last.bytes + entryBytes(entry) <= maximumPartBytes ? parts.length - 1 : parts.length;
}
