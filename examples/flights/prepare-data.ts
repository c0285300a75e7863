import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Cleaning } from './clean-flights.ts';
import { cleanFlights } from './clean-flights.ts';
import { deriveFlights, groundMinutes } from './derive-flights.ts';
import type { Flights, PreparedFlights } from './flights.ts';
import { loadFlights, saveFlights } from './flights.ts';
import { fillLateRates } from './late-rates.ts';
import { shuffleDates } from './shuffle-dates.ts';
import { readParquet, readZones, sourcePath } from './source-file.ts';

/** `shuffled`: every flight gets another flight's date and keeps its time of day. */
export type Dates = 'as-they-were' | 'shuffled';

/** Reads, cleans and orders the half-year; kept as a binary file in `dataDir`, so that the next call takes moments. */
export async function prepareFlights(dataDir: string, dates: Dates): Promise<PreparedFlights> {
  const path = join(dataDir, `flights-${dates}.bin`);
  const key = cacheKey(dates);
  const known = loadFlights(path, key);
  if (known !== undefined) return known;
  const raw = await readParquet();
  const { kept, cleaning } = cleanFlights(raw);
  const flights = deriveFlights(dates === 'shuffled' ? shuffleDates(kept) : kept, readZones(raw.airports));
  fillLateRates(flights);
  mkdirSync(dataDir, { recursive: true });
  const prepared = { flights, notes: describe(cleaning, flights) };
  saveFlights(path, key, prepared);
  return prepared;
}

/** What prepared data depends on; the number grows with every change of the rules. */
function cacheKey(dates: Dates): string {
  return `1 ${statSync(sourcePath('flights-3m.parquet')).size} ${dates}`;
}

function describe(cleaning: Cleaning, flights: Flights): readonly string[] {
  const count = (value: number) => value.toLocaleString('en-US');
  const earlyLandings = flights.delay.filter((delay) => delay < -groundMinutes).length;
  return [
    `flights-3m.parquet: ${count(cleaning.rows)} rows, ${count(cleaning.kept)} kept`,
    `dropped ${count(cleaning.duplicates)} duplicates (equal in every column)`,
    `dropped ${count(cleaning.nightDepartures)} departures at hours 0 to 4 (after midnight the source keeps the old date)`,
    `dropped ${count(cleaning.impossibleDelays)} impossible delays (over 2 h early or 23 h late: the date is off by a day)`,
    'derived: UTC from local clock, state and longitude; landing = departure + 35 min + distance / 7.5 + delay',
    `${count(earlyLandings)} flights over 35 min early land when the cruise alone ends`,
  ];
}

if (import.meta.main) {
  const [dataDir = '.runway/flights', dates] = process.argv.slice(2);
  const started = performance.now();
  const { flights, notes } = await prepareFlights(dataDir, dates === 'shuffled' ? 'shuffled' : 'as-they-were');
  for (const note of notes) console.log(note);
  console.log(`${flights.count} flights in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
}
