import { readFileSync } from 'node:fs';

export type Airport = {
  readonly code: string;
  readonly state: string;
  readonly longitude: number;
  readonly latitude: number;
};

/** Hours from UTC in winter, and whether clocks go forward in summer. */
export type Zone = { readonly standardOffsetHours: number; readonly daylightSaving: boolean };

const eastern: Zone = { standardOffsetHours: -5, daylightSaving: true };
const central: Zone = { standardOffsetHours: -6, daylightSaving: true };
const mountain: Zone = { standardOffsetHours: -7, daylightSaving: true };
const pacific: Zone = { standardOffsetHours: -8, daylightSaving: true };
const alaska: Zone = { standardOffsetHours: -9, daylightSaving: true };
const fixed = (standardOffsetHours: number): Zone => ({ standardOffsetHours, daylightSaving: false });

const zoneByState = new Map<string, Zone>([
  ...'CT DC DE GA MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV'.split(' ').map((state) => [state, eastern] as const),
  ...'AL AR IA IL LA MN MO MS OK WI'.split(' ').map((state) => [state, central] as const),
  ...'CO MT NM UT WY'.split(' ').map((state) => [state, mountain] as const),
  ...'CA NV WA'.split(' ').map((state) => [state, pacific] as const),
  ['AK', alaska],
  ['AZ', fixed(-7)],
  ['HI', fixed(-10)],
  ['PR', fixed(-4)],
  ['VI', fixed(-4)],
]);

/** States with two zones: the meridian that parts them, as close as the airports of the data need it. */
const splitStates: Readonly<Record<string, { readonly meridian: number; readonly west: Zone; readonly east: Zone }>> = {
  FL: { meridian: -85, west: central, east: eastern },
  // Until 2006 most of Indiana stayed on Eastern standard time all year; its south-west corner keeps Central time.
  IN: { meridian: -87, west: central, east: fixed(-5) },
  KS: { meridian: -101.3, west: mountain, east: central },
  KY: { meridian: -86.2, west: central, east: eastern },
  ND: { meridian: -101.5, west: mountain, east: central },
  NE: { meridian: -101, west: mountain, east: central },
  OR: { meridian: -118.2, west: pacific, east: mountain },
  SD: { meridian: -101, west: mountain, east: central },
  TN: { meridian: -85.5, west: central, east: eastern },
  TX: { meridian: -105, west: mountain, east: central },
};

/** The zone of an airport, derived from its state and longitude: the source has coordinates but no time zones. */
export function zoneOf(airport: Airport): Zone {
  // The panhandle of Idaho is the one split by latitude.
  if (airport.state === 'ID') return airport.latitude > 45.5 ? pacific : mountain;
  const split = splitStates[airport.state];
  if (split !== undefined) return airport.longitude < split.meridian ? split.west : split.east;
  const zone = zoneByState.get(airport.state);
  if (zone === undefined) throw new Error(`no time zone for airport ${airport.code} in state ${airport.state}`);
  return zone;
}

/** Minutes to add to a local clock (minutes since the epoch as if it were UTC) to get UTC. */
export function minutesToUtc(zone: Zone, localMinute: number): number {
  const summer = zone.daylightSaving && isSummer(localMinute) ? 1 : 0;
  return -(zone.standardOffsetHours + summer) * 60;
}

// United States 1987 to 2006: first Sunday of April to last Sunday of October, changing at 2 a.m. local clock.
function isSummer(localMinute: number): boolean {
  const year = new Date(localMinute * 60_000).getUTCFullYear();
  const { from, to } = summerByYear.get(year) ?? rememberSummer(year);
  return localMinute >= from && localMinute < to;
}

const summerByYear = new Map<number, { from: number; to: number }>();

function rememberSummer(year: number): { from: number; to: number } {
  const summer = { from: sundayOnOrAfter(year, 3, 1) + 120, to: sundayOnOrAfter(year, 9, 25) + 120 };
  summerByYear.set(year, summer);
  return summer;
}

function sundayOnOrAfter(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month, day));
  return date.getTime() / 60_000 + ((7 - date.getUTCDay()) % 7) * 1_440;
}

/** The airports of `vega-datasets`' `airports.csv`, by code. */
export function readAirports(path: string): ReadonlyMap<string, Airport> {
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  if (head !== 'iata,name,city,state,country,latitude,longitude')
    throw new Error(`unexpected columns in ${path}: ${head}`);
  return new Map(rows.map(parseAirport).map((airport) => [airport.code, airport]));
}

function parseAirport(row: string): Airport {
  // Names may hold quoted commas, so the trailing columns are counted from the end.
  const cells = row.split(',');
  const [state = '', , latitude = '', longitude = ''] = cells.slice(-4);
  const code = cells[0] ?? '';
  // Marquette, Michigan, has no state in the source.
  return { code, state: code === 'MQT' ? 'MI' : state, latitude: Number(latitude), longitude: Number(longitude) };
}
