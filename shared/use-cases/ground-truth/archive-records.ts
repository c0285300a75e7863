import { isRunwayError } from '../../domain/errors.ts';
import { addRawEvent, type RawHour } from '../../domain/ground-truth/raw-rows.ts';
import type { RawArchive } from '../../ports/raw-archive.ts';
import type { RecordFailure } from './join-records.ts';
import { type OpenedRecord, type Opening, openRecord, type StreamRecord } from './open-record.ts';

type Archiving = {
  readonly opening: Opening;
  readonly archive: RawArchive;
  /** Rows held before they are written: what bounds the memory. @default 60,000 */
  readonly maximumRows?: number;
};

export type Archived = {
  /** Predictions and outcomes written. */
  readonly rows: number;
  /** Records to deliver again, with what stopped them. */
  readonly failed: readonly RecordFailure[];
};

type Held = { readonly hours: Map<string, RawHour>; readonly records: StreamRecord[]; rows: number };

/**
 * Writes the events of one shard's records, in their order, one file for each hour of arrival and kind, more when there
 * are too many rows to hold. What does not fit is left out: the join, which reads the same records, puts it aside.
 * Records after one that fails are not looked at, because a stream delivers them again anyway. Throws what trying again
 * will not mend, so that the batch is halved.
 */
export async function archiveRecords(archiving: Archiving, records: readonly StreamRecord[]): Promise<Archived> {
  const { maximumRows = 60_000 } = archiving;
  let held = nothingHeld();
  let written = 0;
  for (const [index, record] of records.entries()) {
    const opened = await openOrSkip(archiving.opening, record);
    const failure = 'error' in opened ? opened : undefined;
    if (!('error' in opened)) hold(held, record, opened.record);
    const isLast = index === records.length - 1;
    if (failure === undefined && !isLast && held.rows < maximumRows) continue;
    const refused = await write(archiving.archive, held);
    if (refused.length > 0) return { rows: written, failed: refused };
    written += held.rows;
    if (failure !== undefined) return { rows: written, failed: [{ id: record.id, error: failure.error }] };
    held = nothingHeld();
  }
  return { rows: written, failed: [] };
}

function nothingHeld(): Held {
  return { hours: new Map(), records: [], rows: 0 };
}

type Openable = { readonly record: OpenedRecord | undefined } | { readonly error: unknown };

async function openOrSkip(opening: Opening, record: StreamRecord): Promise<Openable> {
  try {
    return { record: await openRecord(opening, record) };
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return error.name === 'DependencyUnavailable' ? { error } : { record: undefined };
  }
}

function hold(held: Held, record: StreamRecord, opened: OpenedRecord | undefined): void {
  held.records.push(record);
  if (opened === undefined) return;
  for (const event of opened.events) addRawEvent(held.hours, event, opened.model);
  held.rows += opened.events.length;
}

/** The records that could not be written. */
async function write(archive: RawArchive, { hours, records }: Held): Promise<readonly RecordFailure[]> {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) return [];
  const name = `${first.shardId}-${first.id}-${last.id}`;
  try {
    for (const { hour, predictions, outcomes } of hours.values()) {
      if (predictions.length > 0) await archive.putPredictions({ hour, name }, predictions);
      if (outcomes.length > 0) await archive.putOutcomes({ hour, name }, outcomes);
    }
    return [];
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return records.map(({ id }) => ({ id, error }));
  }
}
