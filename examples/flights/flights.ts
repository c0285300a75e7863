import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Flights in order of departure (UTC), one typed array per column. Minutes are counted from the Unix epoch. */
export type Flights = {
  readonly count: number;
  /** Airport codes; `origin` and `destination` are indexes into it. */
  readonly airports: readonly string[];
  readonly departure: Int32Array;
  /** Derived, see `prepare-data.ts`. */
  readonly landing: Int32Array;
  /** Minutes late at arrival; negative is early. */
  readonly delay: Int16Array;
  /** Miles. */
  readonly distance: Int16Array;
  readonly origin: Uint8Array;
  readonly destination: Uint8Array;
  /** Of the local clock at departure; weekday 0 is Sunday. */
  readonly hour: Uint8Array;
  readonly weekday: Uint8Array;
  /** Late rate at either airport over the last three hours, as known at departure; see `late-rates.ts`. */
  readonly originLateRate: Float32Array;
  readonly destinationLateRate: Float32Array;
};

/** Late means landing more than this many minutes after schedule. */
export const lateMinutes = 15;

export function isLate(flights: Flights, flight: number): boolean {
  return (flights.delay[flight] ?? 0) > lateMinutes;
}

const columnTypes = {
  departure: Int32Array,
  landing: Int32Array,
  delay: Int16Array,
  distance: Int16Array,
  origin: Uint8Array,
  destination: Uint8Array,
  hour: Uint8Array,
  weekday: Uint8Array,
  originLateRate: Float32Array,
  destinationLateRate: Float32Array,
} as const;
const columnNames = Object.keys(columnTypes) as readonly (keyof typeof columnTypes)[];

export function allocateFlights(count: number, airports: readonly string[]): Flights {
  return viewFlights(count, airports, new ArrayBuffer(headerBytes + count * bytesPerFlight + columnNames.length * 8));
}

// Room for a few hundred airport codes, so that the columns start at a fixed, aligned place.
const headerBytes = 8_192;
const bytesPerFlight = columnNames.reduce((sum, name) => sum + columnTypes[name].BYTES_PER_ELEMENT, 0);

function viewFlights(count: number, airports: readonly string[], buffer: ArrayBuffer): Flights {
  let offset = headerBytes;
  const place = (name: keyof typeof columnTypes) => {
    const start = offset;
    offset += Math.ceil((count * columnTypes[name].BYTES_PER_ELEMENT) / 8) * 8;
    return new columnTypes[name](buffer, start, count);
  };
  const columns = Object.fromEntries(columnNames.map((name) => [name, place(name)])) as Omit<
    Flights,
    'count' | 'airports'
  >;
  return { count, airports, ...columns };
}

/** The flights, and what was done to the source, for people. */
export type PreparedFlights = { readonly flights: Flights; readonly notes: readonly string[] };

const headerSchema = z.object({
  key: z.string(),
  count: z.number(),
  airports: z.array(z.string()),
  notes: z.array(z.string()),
});

/** One file: a JSON header, then the columns as they lie in memory. The flights must come from `allocateFlights`. */
export function saveFlights(path: string, key: string, { flights, notes }: PreparedFlights): void {
  const bytes = Buffer.from(flights.departure.buffer);
  bytes.fill(' ', 0, headerBytes);
  bytes.write(JSON.stringify({ key, count: flights.count, airports: flights.airports, notes }));
  writeFileSync(`${path}.new`, bytes);
  // A reader never sees half a file.
  renameSync(`${path}.new`, path);
}

/** Undefined when there is no such file or it was made under another `key`. */
export function loadFlights(path: string, key: string): PreparedFlights | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const header = headerSchema.parse(JSON.parse(bytes.toString('utf8', 0, headerBytes)));
  if (header.key !== key) return undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  const columns = buffer.slice(byteOffset, byteOffset + byteLength);
  return { flights: viewFlights(header.count, header.airports, columns), notes: header.notes };
}

/** The first flight that departs at or after `minute`; `count` when there is none. */
export function firstDeparture(flights: Flights, minute: number): number {
  let [low, high] = [0, flights.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((flights.departure[middle] ?? 0) < minute) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function flightId(flight: number): string {
  return `flight-${flight}`;
}

/** A hash of the flight's number, even over [0, 1): the same flights are in the sample on every run. */
export function hashRatio(flight: number, salt: number): number {
  return mix(flight ^ mix(salt)) / 2 ** 32;
}

// The finaliser of MurmurHash3.
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function minuteOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 60_000);
}

export function instantOf(minute: number): string {
  return new Date(minute * 60_000).toISOString();
}
