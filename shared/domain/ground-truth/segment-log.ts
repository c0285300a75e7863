import { lazily } from '../lazily.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeRowPart } from './row-part-codec.ts';
import type { Entry } from './segment.ts';
import { decodeChanges, type EntryChange, encodeChanges } from './segment-codec.ts';
import { VersionedMap } from './versioned-map.ts';

/**
 * A stretch of a segment's log in one item: what the commits `from` … `to` (revisions of the cursor) added. Parts are
 * numbered from 0; one that begins before its predecessor ends was merged into that and is no more.
 */
export type StoredPart = {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly data: Uint8Array;
};

/** `data` is there as long as the part may still be merged with what follows. */
type Part = Omit<StoredPart, 'data'> & { readonly bytes: number; readonly data?: Uint8Array };

/** Everything a bucket knows of one hour: the entries, and the parts of the log that they came from. */
export type Segment = { readonly entries: VersionedMap<Entry>; readonly parts: () => readonly Part[] };

/** Entries that a batch wrote to, and what they were before, in the same order. */
export type ChangedEntries = {
  readonly top: ReadonlyMap<string, Entry>;
  readonly befores: readonly (Entry | undefined)[];
};

/** An item takes 400 kB at most. */
export const maximumPartBytes = 340_000;

// Reading a log costs by its bytes, whatever the parts, and writing costs ten times as much. So only parts are merged of
// which several fit the kilobyte that the smallest write costs, or little more.
const mergedBytes = 2_048;
const fanIn = 8;

const logFormat = 4;

/** Of the parts in any order. Parts of another commit may be among them when it was made meanwhile. */
export function segmentOf(stored: readonly StoredPart[]): Segment {
  const parts: Part[] = [];
  const entries = new Map<string, Entry>();
  for (const part of [...stored].sort((a, b) => a.index - b.index)) {
    const last = parts.at(-1);
    // In the former format, parts have no revisions.
    if (last !== undefined && part.from <= last.to && last.to > 0) break;
    for (const change of changesIn(part.data)) addChange(entries, change);
    parts.push(partOf(part));
  }
  return { entries: new VersionedMap(entries), parts: () => parts };
}

function partOf({ data, ...part }: StoredPart): Part {
  const bytes = data.length;
  return data[0] === logFormat && bytes < mergedBytes ? { ...part, bytes, data } : { ...part, bytes };
}

/**
 * The segment after a commit, and the one part that it writes, which is encoded when it is asked for. `befores` are what the
 * entries of `top` were.
 */
export function withChanges(
  { entries, parts }: Segment,
  changes: () => readonly EntryChange[],
  { top, befores }: ChangedEntries,
  revision: number,
): { readonly segment: Segment; readonly part: () => StoredPart } {
  const written = lazily(() => partsAfter(parts(), changes(), revision));
  const segment = { entries: entries.with(top, befores), parts: () => written().parts };
  return { segment, part: () => written().part };
}

function partsAfter(parts: readonly Part[], changes: readonly EntryChange[], revision: number) {
  const block = blockOf(encodeChanges(changes));
  const merged = mergeableTail(parts, block.length);
  const kept = parts.slice(0, parts.length - merged.length);
  const part = {
    index: kept.length,
    from: merged[0]?.from ?? revision,
    to: revision,
    data: Buffer.concat([Buffer.of(logFormat), ...merged.map(({ data }) => data!.subarray(1)), block]),
  };
  return { parts: [...kept, partOf(part)], part };
}

/** The last parts, when there are enough of them no larger than what follows; then those that are as small as all that. */
function mergeableTail(parts: readonly Part[], bytes: number): readonly Part[] {
  let start = parts.length;
  let total = bytes;
  for (;;) {
    let next = start;
    let more = 0;
    while (next > 0 && isMergeable(parts[next - 1]!, total) && total + more < maximumPartBytes - mergedBytes) {
      next -= 1;
      more += parts[next]!.bytes;
    }
    if (start - next < fanIn - 1) return parts.slice(start);
    start = next;
    total += more;
  }
}

function isMergeable({ data, bytes }: Part, size: number): boolean {
  return data !== undefined && bytes < 2 * size;
}

function blockOf(data: Buffer): Buffer {
  const block = new ByteWriter();
  block.count(data.length);
  block.bytes(data);
  return block.finish();
}

function* changesIn(data: Uint8Array): Iterable<EntryChange> {
  if (data[0] !== logFormat) {
    yield* decodeRowPart(data);
    return;
  }
  const blocks = new ByteReader(data.subarray(1));
  while (!blocks.isAtEnd()) yield* decodeChanges(blocks.bytes(blocks.count()));
}

function addChange(entries: Map<string, Entry>, { isReplaced, ...change }: EntryChange): void {
  const held = entries.get(change.predictionId);
  if (held === undefined) {
    entries.set(change.predictionId, change);
    return;
  }
  const prediction = change.prediction ?? held.prediction;
  const truths = isReplaced ? change.truths : [...held.truths, ...change.truths];
  entries.set(change.predictionId, { predictionId: change.predictionId, ...(prediction && { prediction }), truths });
}

/** Undefined when nothing is left of it, too. */
export function findEntry({ entries }: Segment, predictionId: string): Entry | undefined {
  const entry = entries.get(predictionId);
  return entry === undefined || isGone(entry) ? undefined : entry;
}

export function isGone({ prediction, truths }: Entry): boolean {
  return prediction === undefined && truths.length === 0;
}
