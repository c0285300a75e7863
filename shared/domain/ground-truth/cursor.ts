import { type DayChanges, noChanges } from './day-changes.ts';
import type { SegmentKey } from './segment.ts';

/** Where an event stands in the stream. `index` counts the lines of its record from 0. */
export type Position = { readonly shardId: string; readonly sequenceNumber: string; readonly index: number };

/**
 * What became of everything that arrived, each counted once. Every prediction is in one of the first two; every
 * outcome, values of units among them, is in one of the others or still waits for its prediction (`waitingOutcomes`).
 */
export type JoinCounters = {
  readonly predictions: number;
  readonly duplicatePredictions: number;
  readonly attributed: number;
  readonly duplicateOutcomes: number;
  readonly correctedOutcomes: number;
  readonly supersededOutcomes: number;
  readonly conflictingOutcomes: number;
  /** Outside the attribution window, or arrived when the hour was sealed. */
  readonly lateOutcomes: number;
  /** Inside the attribution window, but later than the stream joins: the batch layer does. */
  readonly deferredOutcomes: number;
  /** Their writer was not to be trusted when they arrived. */
  readonly distrustedOutcomes: number;
  /** Their hour was sealed before a prediction came. */
  readonly orphanedOutcomes: number;
};

/**
 * How far a bucket has got. Sequence numbers are only comparable within a shard, so there is a position per shard; a
 * bucket changes its shard when the stream is resharded.
 */
export type Cursor = {
  /** Number of transactions so far; each is conditional on the one it read. */
  readonly revision: number;
  /** Lines before `done` of the record with that number are applied, and every earlier record. */
  readonly positions: Readonly<Record<string, { readonly sequenceNumber: string; readonly done: number }>>;
  readonly counters: JoinCounters;
  /** Outcomes waiting in each segment; says which `waiting` segments a prediction must look into. */
  readonly waiting: Readonly<Partial<Record<SegmentKey, number>>>;
  /** What was committed last to the aggregates of each day. Absent in cursors of before this was kept. */
  readonly changes?: DayChanges;
};

export const initialCursor: Cursor = {
  revision: 0,
  positions: {},
  counters: {
    predictions: 0,
    duplicatePredictions: 0,
    attributed: 0,
    duplicateOutcomes: 0,
    correctedOutcomes: 0,
    supersededOutcomes: 0,
    conflictingOutcomes: 0,
    lateOutcomes: 0,
    deferredOutcomes: 0,
    distrustedOutcomes: 0,
    orphanedOutcomes: 0,
  },
  waiting: {},
  changes: noChanges,
};

export function isApplied({ positions }: Cursor, { shardId, sequenceNumber, index }: Position): boolean {
  const reached = positions[shardId];
  if (reached === undefined) return false;
  if (reached.sequenceNumber === sequenceNumber) return index < reached.done;
  return isLower(sequenceNumber, reached.sequenceNumber);
}

/** Decimal numbers without leading zeros, too long for a double. */
function isLower(left: string, right: string): boolean {
  return left.length === right.length ? left < right : left.length < right.length;
}

/** A bucket lives in one shard at a time; positions in long closed ones are only kept this far. */
const rememberedShards = 16;

/** Positions after events were applied; those of one shard are in their order. */
export function advance(held: Cursor['positions'], applied: Iterable<Position>): Cursor['positions'] {
  const positions = new Map(Object.entries(held));
  const lastByShard = new Map<string, Position>();
  for (const position of applied) lastByShard.set(position.shardId, position);
  for (const [shardId, { sequenceNumber, index }] of lastByShard) {
    // Deleting first keeps the shards in the order of their last use.
    positions.delete(shardId);
    positions.set(shardId, { sequenceNumber, done: index + 1 });
  }
  return Object.fromEntries([...positions].slice(-rememberedShards));
}

export function waitingOutcomes({ waiting }: Cursor): number {
  return Object.values(waiting).reduce<number>((total, count) => total + (count ?? 0), 0);
}
