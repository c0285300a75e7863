import { isRunwayError } from '../../domain/errors.ts';
import type { JoinEvent } from '../../domain/ground-truth/bucket-state.ts';
import type { Position } from '../../domain/ground-truth/cursor.ts';
import { addRawEvent, type RawHour } from '../../domain/ground-truth/raw-rows.ts';
import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import type { RawArchive } from '../../ports/raw-archive.ts';
import type { RecordFailure } from './join-records.ts';
import { type OpenedRecord, type Opening, openRecord, type StreamRecord } from './open-record.ts';

type Archiving = {
  readonly opening: Opening;
  readonly archive: RawArchive;
  /** Characters of rows that are held before they are written: what bounds the memory. @default 40 million, 60,000 rows of 20 features */
  readonly maximumLength?: number;
};

export type Archived = {
  /** Predictions and outcomes written. */
  readonly rows: number;
  /** Records to deliver again, with what stopped them. */
  readonly failed: readonly RecordFailure[];
};

const usualMaximumLength = 40_000_000;

/** Rows not yet written, and the records that they are from. */
type Held = {
  readonly hours: Map<string, RawHour>;
  readonly ids: string[];
  first: Position | undefined;
  last: Position | undefined;
  rows: number;
  length: number;
};

/** How far a batch has come. */
type Progress = { held: Held; rows: number };

/**
 * Writes the events of one shard's records, in their order, one file for each hour of arrival and kind, more when they
 * are too long to be held, within a record too. What does not fit is left out: the join, which reads the same records,
 * puts it aside. Records after one that fails are not looked at, because a stream delivers them again anyway. Throws what
 * trying again will not mend, so that the batch is halved.
 */
export async function archiveRecords(archiving: Archiving, records: readonly StreamRecord[]): Promise<Archived> {
  const progress: Progress = { held: holding(), rows: 0 };
  for (const record of records) {
    const opened = await openOrSkip(archiving.opening, record);
    if (opened instanceof Error) {
      const failed = await write(archiving, progress);
      return { rows: progress.rows, failed: failed.length > 0 ? failed : [{ id: record.id, error: opened }] };
    }
    const failed = opened === undefined ? [] : await holdRecord(archiving, progress, opened);
    if (failed.length > 0) return { rows: progress.rows, failed };
  }
  const failed = await write(archiving, progress);
  return { rows: progress.rows, failed };
}

function holding(): Held {
  return { hours: new Map(), ids: [], first: undefined, last: undefined, rows: 0, length: 0 };
}

/** Undefined for what nobody can use, the error for what may pass. */
async function openOrSkip(opening: Opening, record: StreamRecord): Promise<OpenedRecord | Error | undefined> {
  try {
    return await openRecord(opening, record);
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return error.name === 'DependencyUnavailable' ? error : undefined;
  }
}

async function holdRecord(
  archiving: Archiving,
  progress: Progress,
  { events, model }: OpenedRecord,
): Promise<readonly RecordFailure[]> {
  for (const event of events) {
    hold(progress.held, event, model);
    if (progress.held.length < (archiving.maximumLength ?? usualMaximumLength)) continue;
    const failed = await write(archiving, progress);
    if (failed.length > 0) return failed;
    progress.held = holding();
  }
  return [];
}

function hold(held: Held, event: JoinEvent, model: ServedModel): void {
  held.length += addRawEvent(held.hours, event, model);
  held.rows += 1;
  const { sequenceNumber } = event.position;
  if (held.ids.at(-1) !== sequenceNumber) held.ids.push(sequenceNumber);
  held.first ??= event.position;
  held.last = event.position;
}

/** The records that have to come again because theirs could not be written. */
async function write({ archive }: Archiving, progress: Progress): Promise<readonly RecordFailure[]> {
  const { hours, ids, first, last, rows } = progress.held;
  if (first === undefined || last === undefined) return [];
  const name = `${first.shardId}-${placeOf(first)}-${placeOf(last)}`;
  try {
    for (const { hour, predictions, outcomes } of hours.values()) {
      if (predictions.length > 0) await archive.putPredictions({ hour, name }, predictions);
      if (outcomes.length > 0) await archive.putOutcomes({ hour, name }, outcomes);
    }
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return ids.map((id) => ({ id, error }));
  }
  progress.rows += rows;
  return [];
}

function placeOf({ sequenceNumber, index }: Position): string {
  return `${sequenceNumber}.${index}`;
}
