import { minuteMillis } from '../time.ts';
import type { Paired } from './aggregates.ts';
import { type PerformancePoint, pairedRowsOf, pointsOf } from './hour-aggregates.ts';
import type { JoinRules } from './join-rules.ts';
import { valuesOfLayers } from './layered-map.ts';
import type { Entry } from './segment.ts';
import type { Segment } from './segment-log.ts';

const pointMillis = 5 * minuteMillis;
const pointsPerHour = 12;

/** Five minutes of predictions in the order of their ids, with what they come to. */
type PointRows = {
  readonly entries: readonly Entry[];
  /** By versions key. */
  readonly points: ReadonlyMap<string, PerformancePoint>;
  /** By `older#newer`. */
  readonly paired: ReadonlyMap<string, Paired>;
};

/** By five minutes of the hour; those without a prediction are empty. */
export type HourRows = readonly PointRows[];

/** Which five minutes of its hour a moment lies in. */
export function pointIndexAt(millis: number): number {
  return Math.floor(millis / pointMillis) % pointsPerHour;
}

/** From everything that is in the segment. */
export function rowsOfSegment({ entries }: Pick<Segment, 'entries'>, rules: JoinRules): HourRows {
  const byPoint = Array.from({ length: pointsPerHour }, (): Entry[] => []);
  for (const entry of valuesOfLayers(entries))
    if (entry.prediction !== undefined) byPoint[pointIndexAt(entry.prediction.predictedAt)]!.push(entry);
  return byPoint.map((rows, index) => computed(index, rows.sort(byId), rules));
}

/** After these entries were added or replaced. Only the five minutes they are of, `touched`, are summed again. */
export function rowsAfter(
  held: HourRows,
  changed: Iterable<Entry>,
  touched: ReadonlySet<number>,
  rules: JoinRules,
): HourRows {
  const byPoint = new Map<number, Entry[]>();
  for (const entry of changed) {
    if (entry.prediction === undefined) continue;
    const index = pointIndexAt(entry.prediction.predictedAt);
    const entries = byPoint.get(index);
    if (entries === undefined) byPoint.set(index, [entry]);
    else entries.push(entry);
  }
  return held.map((rows, index) => {
    const added = byPoint.get(index);
    const entries = added === undefined ? rows.entries : merged(rows.entries, added.sort(byId));
    return touched.has(index) ? computed(index, entries, rules) : { ...rows, entries };
  });
}

function computed(index: number, entries: readonly Entry[], rules: JoinRules): PointRows {
  return { entries, points: pointsOf(index, entries, rules), paired: pairedRowsOf(entries, rules) };
}

function byId(left: Entry, right: Entry): number {
  if (left.predictionId === right.predictionId) return 0;
  return left.predictionId < right.predictionId ? -1 : 1;
}

/** Both ascending by id; of one id, the added one stays. */
function merged(held: readonly Entry[], added: readonly Entry[]): readonly Entry[] {
  const all: Entry[] = [];
  let from = 0;
  for (const entry of added) {
    const to = firstNotBefore(held, entry.predictionId, from);
    for (let i = from; i < to; i += 1) all.push(held[i]!);
    all.push(entry);
    from = held[to]?.predictionId === entry.predictionId ? to + 1 : to;
  }
  for (let i = from; i < held.length; i += 1) all.push(held[i]!);
  return all;
}

function firstNotBefore(entries: readonly Entry[], predictionId: string, from: number): number {
  let low = from;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.predictionId < predictionId) low = middle + 1;
    else high = middle;
  }
  return low;
}
