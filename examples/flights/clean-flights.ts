import { localHour } from './local-clock.ts';
import { orderBy } from './order-by.ts';
import type { RawFlights } from './source-file.ts';

/** How many rows each rule of the cleaning met. */
export type Cleaning = {
  readonly rows: number;
  readonly nightDepartures: number;
  readonly duplicates: number;
  readonly impossibleDelays: number;
  readonly kept: number;
};

/**
 * Flights after midnight keep the old date in the source, so departures in the first five hours are left out.
 * A delay outside these limits comes from a date that is off by one day, in one direction or the other.
 */
const cleaningRules = { firstHour: 5, earliestDelay: -120, latestDelay: 23 * 60 };

/** Applies the rules in order (duplicate, night, impossible). What is kept comes in order of local departure. */
export function cleanFlights(raw: RawFlights): { readonly kept: RawFlights; readonly cleaning: Cleaning } {
  const dropped = { nightDepartures: 0, duplicates: 0, impossibleDelays: 0 };
  const isDuplicate = duplicateFinder(raw);
  const rows = orderBy(raw.localDeparture).filter((row) => {
    const reason = reasonToDrop(raw, row, isDuplicate);
    if (reason !== undefined) dropped[reason]++;
    return reason === undefined;
  });
  return { kept: pick(raw, rows), cleaning: { rows: raw.count, ...dropped, kept: rows.length } };
}

function pick(raw: RawFlights, rows: Int32Array): RawFlights {
  return {
    count: rows.length,
    airports: raw.airports,
    localDeparture: rows.map((row) => raw.localDeparture[row]!),
    delay: new Int16Array(rows.map((row) => raw.delay[row]!)),
    distance: new Int16Array(rows.map((row) => raw.distance[row]!)),
    origin: new Uint8Array(rows.map((row) => raw.origin[row]!)),
    destination: new Uint8Array(rows.map((row) => raw.destination[row]!)),
  };
}

function reasonToDrop(raw: RawFlights, row: number, isDuplicate: (row: number) => boolean) {
  if (isDuplicate(row)) return 'duplicates';
  if (localHour(raw.localDeparture[row]!) < cleaningRules.firstHour) return 'nightDepartures';
  const delay = raw.delay[row]!;
  if (delay < cleaningRules.earliestDelay || delay > cleaningRules.latestDelay) return 'impossibleDelays';
  return undefined;
}

/** Rows must come in order of local departure; a duplicate agrees with an earlier row in every column. */
function duplicateFinder(raw: RawFlights): (row: number) => boolean {
  const seen = new Set<number>();
  let minute = Number.NaN;
  return (row) => {
    if (raw.localDeparture[row] !== minute) seen.clear();
    minute = raw.localDeparture[row]!;
    // 13 bits of distance, 12 of delay and two airports of 8 fit into the 53 of a number.
    const key =
      (((raw.delay[row]! + 2_048) * 8_192 + raw.distance[row]!) * 256 + raw.origin[row]!) * 256 + raw.destination[row]!;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };
}
