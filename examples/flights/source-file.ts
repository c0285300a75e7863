import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Zone } from './airports.ts';
import { readAirports, zoneOf } from './airports.ts';

/** The file as it is: one row per flight, times by the local clock at the origin. */
export type RawFlights = {
  readonly count: number;
  readonly airports: readonly string[];
  /** Minutes since the epoch as if the local clock were UTC. */
  readonly localDeparture: Int32Array;
  readonly delay: Int16Array;
  readonly distance: Int16Array;
  readonly origin: Uint8Array;
  readonly destination: Uint8Array;
};

export function sourcePath(file: string): string {
  const path = fileURLToPath(new URL(`../../node_modules/vega-datasets/data/${file}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm ci`);
  return path;
}

/** All rows of `flights-3m.parquet`, in the order of the file. */
export async function readParquet(): Promise<RawFlights> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const source = `read_parquet('${sourcePath('flights-3m.parquet').replaceAll("'", "''")}')`;
  const codes = await connection.runAndReadAll(
    `select origin as code from ${source} union select destination from ${source} order by code`,
  );
  const airports = codes.getRows().map(([code]) => String(code));
  await connection.run(`create type airport as enum (${airports.map((code) => `'${code}'`).join(', ')})`);
  const [size] = (await connection.runAndReadAll(`select count(*)::int from ${source}`)).getRows();
  const raw = allocateRaw(Number(size?.[0]), airports);
  const result = await connection.stream(
    `select (epoch_ms(date) // 60000)::int, delay::smallint, distance::smallint,
       enum_code(origin::airport), enum_code(destination::airport) from ${source}`,
  );
  const columns = [raw.localDeparture, raw.delay, raw.distance, raw.origin, raw.destination];
  let row = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [index, column] of columns.entries()) {
      const vector = chunk.getColumnVector(index);
      for (let i = 0; i < chunk.rowCount; i++) column[row + i] = Number(vector.getItem(i));
    }
    row += chunk.rowCount;
  }
  connection.closeSync();
  database.closeSync();
  return raw;
}

export function allocateRaw(count: number, airports: readonly string[]): RawFlights {
  return {
    count,
    airports,
    localDeparture: new Int32Array(count),
    delay: new Int16Array(count),
    distance: new Int16Array(count),
    origin: new Uint8Array(count),
    destination: new Uint8Array(count),
  };
}

/** The zone of each airport, in the order of `codes`. */
export function readZones(codes: readonly string[]): readonly Zone[] {
  const airports = readAirports(sourcePath('airports.csv'));
  return codes.map((code) => {
    const airport = airports.get(code);
    if (airport === undefined) throw new Error(`airport ${code} is not in airports.csv`);
    return zoneOf(airport);
  });
}
