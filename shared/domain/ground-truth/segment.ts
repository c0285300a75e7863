import { hourMillis, hourOfMillis } from '../time.ts';
import type { JoinOutcome } from './join-input.ts';

/** Times in segments are milliseconds since the epoch. */
export type BufferedPrediction = {
  readonly version: number;
  readonly predictedAt: number;
  readonly score: number;
  readonly shadows: readonly { readonly version: number; readonly score: number }[];
  readonly rolloutId?: string;
  /** @default 1 */
  readonly samplingRatio?: number;
  /** It was sent for the sake of its segments, and counts in them only. */
  readonly isOutsideSample?: true;
  /** Bit i: it belongs to segment i of its version's baseline. @default 0 */
  readonly segments?: number;
  /** Of the items offered the first, at most `rankingDepth`, the best first; `score` is that of the first. */
  readonly itemIds?: readonly string[];
  /** The first of them, in parts from before there were more. */
  readonly topItemId?: string;
};

/** What an outcome says, and who said it when. */
export type Truth = {
  readonly observedAt: number;
  readonly label: number;
  readonly businessValue?: number;
  /** Absent: the primary one. */
  readonly outcomeType?: string;
  readonly itemId?: string;
  /** Absent, as `arrivedAt`, in those from before it was kept. */
  readonly writer?: string;
  readonly arrivedAt?: number;
};

type Source = { readonly writer: string; readonly now: number; readonly primaryType: string };

/** `now` is when it arrived. */
export function truthOf(outcome: JoinOutcome, source?: Source): Truth {
  const { observedAt, label, businessValue, outcomeType, itemId } = outcome;
  // Nearly all have nothing else.
  if (businessValue === undefined && outcomeType === undefined && itemId === undefined && source !== undefined)
    return { observedAt, label, writer: source.writer, arrivedAt: source.now };
  return {
    observedAt,
    label,
    ...(businessValue !== undefined && { businessValue }),
    ...(outcomeType !== undefined && outcomeType !== source?.primaryType && { outcomeType }),
    ...(itemId !== undefined && { itemId }),
    ...(source !== undefined && { writer: source.writer, arrivedAt: source.now }),
  };
}

/**
 * A prediction with all outcomes in its windows, in the order in which they came; without one, the outcomes that wait for
 * it. Neither: nothing is left of it.
 */
export type Entry = {
  readonly predictionId: string;
  readonly prediction?: BufferedPrediction;
  readonly truths: readonly Truth[];
};

/**
 * `segment#<hour>`: predictions made in that hour and outcomes that say so. `waiting#<hour>`: outcomes observed in that
 * hour that do not say when the prediction was made, and whose prediction has not come. `units#<hour>`: values of the
 * business metric of units that were assigned to an arm in that hour.
 */
export type SegmentKey = `${'segment' | 'waiting' | 'units'}#${string}`;

export function segmentKey(hour: string): SegmentKey {
  return `segment#${hour}`;
}

export function waitingKey(hour: string): SegmentKey {
  return `waiting#${hour}`;
}

export function unitsKey(hour: string): SegmentKey {
  return `units#${hour}`;
}

// The same text each time, which is quicker to look up than one that was put together for the purpose.
const segmentKeys = keyCache(segmentKey);
const waitingKeys = keyCache(waitingKey);
const unitsKeys = keyCache(unitsKey);

/** Key of the hour's segment that a moment lies in. */
export function segmentKeyAt(millis: number): SegmentKey {
  return segmentKeys(millis);
}

export function waitingKeyAt(millis: number): SegmentKey {
  return waitingKeys(millis);
}

export function unitsKeyAt(millis: number): SegmentKey {
  return unitsKeys(millis);
}

function keyCache(keyOf: (hour: string) => SegmentKey): (millis: number) => SegmentKey {
  const known = new Map<number, SegmentKey>();
  return (millis) => {
    const hour = Math.floor(millis / hourMillis);
    const held = known.get(hour);
    if (held !== undefined) return held;
    const key = keyOf(hourOfMillis(millis));
    if (known.size >= 10_000) known.clear();
    known.set(hour, key);
    return key;
  };
}

export function isWaitingKey(key: string): key is SegmentKey {
  return key.startsWith('waiting#');
}

export function isUnitsKey(key: string): key is SegmentKey {
  return key.startsWith('units#');
}

export function isSegmentKey(key: string): key is SegmentKey {
  return key.startsWith('segment#') || isWaitingKey(key) || isUnitsKey(key);
}

export function hourOfKey(key: SegmentKey): string {
  return key.slice(key.indexOf('#') + 1);
}
