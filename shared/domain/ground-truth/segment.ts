import type { JoinOutcome } from './join-input.ts';

/** Times in segments are milliseconds since the epoch. */
export type BufferedPrediction = {
  readonly version: number;
  readonly predictedAt: number;
  readonly score: number;
  readonly shadows: readonly { readonly version: number; readonly score: number }[];
  readonly rolloutId?: string;
};

/** What an outcome says. */
export type Truth = { readonly observedAt: number; readonly label: number; readonly businessValue?: number };

export function truthOf({ observedAt, label, businessValue }: JoinOutcome): Truth {
  return { observedAt, label, ...(businessValue === undefined ? {} : { businessValue }) };
}

/** A prediction, with its truth once that is known; or outcomes that came before their prediction. */
export type Entry =
  | { readonly predictionId: string; readonly prediction: BufferedPrediction; readonly truth?: Truth }
  | { readonly predictionId: string; readonly prediction?: undefined; readonly waiting: readonly Truth[] };

/** `bytes` is what its JSON takes at most. */
export type Part = { readonly entries: ReadonlyMap<string, Entry>; readonly bytes: number };

/**
 * Everything a bucket knows of one hour, in parts small enough for one item each. An entry stays in the part it was
 * first written to, so that a busy hour's old parts are only rewritten when their outcomes come.
 */
export type Segment = { readonly parts: readonly Part[] };

/** An item takes 400 kB at most; entries may grow by their truth, which `entryBytes` allows for. */
export const maximumPartBytes = 340_000;

/**
 * `segment#<hour>`: predictions made in that hour and outcomes that say so. `waiting#<hour>`: outcomes observed in that
 * hour that do not say when the prediction was made, and whose prediction has not come.
 */
export type SegmentKey = `${'segment' | 'waiting'}#${string}`;

export function segmentKey(hour: string): SegmentKey {
  return `segment#${hour}`;
}

export function waitingKey(hour: string): SegmentKey {
  return `waiting#${hour}`;
}

export function isWaitingKey(key: string): key is SegmentKey {
  return key.startsWith('waiting#');
}

export function isSegmentKey(key: string): key is SegmentKey {
  return key.startsWith('segment#') || isWaitingKey(key);
}

export function hourOfKey(key: SegmentKey): string {
  return key.slice(key.indexOf('#') + 1);
}

export function findEntry(segment: Segment, predictionId: string): Entry | undefined {
  for (const { entries } of segment.parts) {
    const entry = entries.get(predictionId);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** In the order of prediction ids, so that sums over them do not depend on the order of arrival. */
export function sortedEntries(segment: Segment): readonly Entry[] {
  const entries = segment.parts.flatMap((part) => [...part.entries.values()]);
  return entries.sort((a, b) => (a.predictionId < b.predictionId ? -1 : 1));
}

// What a double, a time in milliseconds and a version take at most as JSON, with their commas.
const numberBytes = 25;
const timeBytes = 15;
const versionBytes = 8;
const truthBytes = timeBytes + 2 * numberBytes + 4;
// Four shadows and the id of a rollout: room for the prediction that an early outcome waits for.
const predictionBytes = versionBytes + timeBytes + numberBytes + 4 * (versionBytes + numberBytes) + 140;

/** At most what the entry takes as JSON, now or when the other side has come. */
export function entryBytes(entry: Entry): number {
  const id = jsonBytes(entry.predictionId);
  if (entry.prediction === undefined) return id + predictionBytes + entry.waiting.length * truthBytes;
  const { shadows, rolloutId } = entry.prediction;
  const rollout = rolloutId === undefined ? 2 : jsonBytes(rolloutId);
  return (
    id + versionBytes + timeBytes + numberBytes + shadows.length * (versionBytes + numberBytes) + rollout + truthBytes
  );
}

const plainText = /^[\w.:/-]*$/;

/** A character takes six bytes when it has to be escaped. */
function jsonBytes(text: string): number {
  return (plainText.test(text) ? text.length : text.length * 6) + 6;
}
