import { allocateRaw, type RawFlights } from '../../../examples/flights/source-file.ts';

export type RawRow = {
  /** By the local clock, as if it were UTC: `2001-03-05T14:30`. */
  readonly at: string;
  readonly delay: number;
  readonly distance?: number;
  readonly from?: string;
  readonly to?: string;
};

/** A source of a few rows between Boston, Denver and Phoenix. */
export function rawFlights(rows: readonly RawRow[]): RawFlights {
  const airports = ['BOS', 'DEN', 'PHX'];
  const raw = allocateRaw(rows.length, airports);
  rows.forEach(({ at, delay, distance = 750, from = 'BOS', to = 'DEN' }, row) => {
    raw.localDeparture[row] = Date.parse(`${at}Z`) / 60_000;
    raw.delay[row] = delay;
    raw.distance[row] = distance;
    raw.origin[row] = airports.indexOf(from);
    raw.destination[row] = airports.indexOf(to);
  });
  return raw;
}

export const zones = [
  { standardOffsetHours: -5, daylightSaving: true },
  { standardOffsetHours: -7, daylightSaving: true },
  { standardOffsetHours: -7, daylightSaving: false },
];
