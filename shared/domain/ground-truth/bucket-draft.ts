import type { JoinEvent, OutcomeConflict } from './bucket-state.ts';
import type { Cursor, JoinCounters } from './cursor.ts';
import { initialCursor } from './cursor.ts';
import type { JoinPrediction } from './join-input.ts';
import { ProfileRows } from './profile-rows.ts';
import { type BufferedPrediction, type Entry, hourOfKey, type SegmentKey, type Truth } from './segment.ts';
import { type ChangedEntries, findEntry, isGone, type Segment } from './segment-log.ts';

/** `befores` has what the entries were, in the same order. */
export type DraftedSegment = ChangedEntries & { readonly base: Segment };

type OwnSegment = { readonly base: Segment; readonly top: Map<string, Entry>; readonly befores: (Entry | undefined)[] };

/** One batch's view of a bucket: what it changes lies over the state it started from, which stays as it is. */
export class BucketDraft {
  readonly counters: { -readonly [K in keyof JoinCounters]: number };
  readonly waiting: Partial<Record<SegmentKey, number>>;
  /** Hours of which something else is known than before. */
  readonly touched = new Set<string>();
  readonly profileRows = new ProfileRows();
  readonly conflicts: OutcomeConflict[] = [];
  readonly #loaded: ReadonlyMap<SegmentKey, Segment>;
  readonly #segments = new Map<SegmentKey, OwnSegment>();
  #last: { readonly key: SegmentKey; readonly segment: OwnSegment } | undefined;
  #touchedLast: SegmentKey | undefined;

  constructor(cursor: Cursor, segments: ReadonlyMap<SegmentKey, Segment>) {
    // A cursor from before a counter was there lacks it.
    this.counters = { ...initialCursor.counters, ...cursor.counters };
    this.waiting = { ...cursor.waiting };
    this.#loaded = segments;
  }

  find(key: SegmentKey, predictionId: string): Entry | undefined {
    const { top, base } = this.#segment(key);
    const changed = top.get(predictionId);
    if (changed !== undefined) return isGone(changed) ? undefined : changed;
    return findEntry(base, predictionId);
  }

  /** `found` is what `find` gave. */
  put(key: SegmentKey, found: Entry | undefined, entry: Entry): void {
    const { top, befores } = this.#segment(key);
    top.set(entry.predictionId, entry);
    if (top.size > befores.length) befores.push(found);
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

  touch(key: SegmentKey): void {
    if (key === this.#touchedLast) return;
    this.#touchedLast = key;
    this.touched.add(hourOfKey(key));
  }

  conflict(event: JoinEvent, entry: Entry & { prediction: BufferedPrediction }, held: Truth, next: Truth): void {
    const { predictionId, prediction } = entry;
    const { position, now } = event;
    this.conflicts.push({ position, now, predictionId, predictedAt: prediction.predictedAt, held, next });
  }

  addRow(key: SegmentKey, prediction: JoinPrediction, isOutsideSample: boolean): void {
    this.profileRows.add(key, prediction, isOutsideSample);
  }

  /** The entries written to, by segment; of some, there may be none. */
  segments(): ReadonlyMap<SegmentKey, DraftedSegment> {
    return this.#segments;
  }

  #segment(key: SegmentKey): OwnSegment {
    // Neighbours are mostly of one hour.
    if (this.#last?.key === key) return this.#last.segment;
    const segment = this.#segments.get(key) ?? { base: this.#base(key), top: new Map(), befores: [] };
    this.#segments.set(key, segment);
    this.#last = { key, segment };
    return segment;
  }

  #base(key: SegmentKey): Segment {
    const segment = this.#loaded.get(key);
    if (segment === undefined) throw new Error(`segment ${key} was not loaded`);
    return segment;
  }
}
