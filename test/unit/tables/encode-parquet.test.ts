import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeParquet, type ParquetColumn } from '../../../shared/adapters/tables/encode-parquet.ts';

type Row = {
  readonly id: string;
  readonly team: string | undefined;
  readonly version: number;
  readonly score: number;
  readonly label: number | undefined;
  readonly isLate: boolean;
  readonly at: number;
  readonly seenAt: number | undefined;
};

const columns: readonly ParquetColumn<Row>[] = [
  { name: 'id', type: 'STRING', of: (row) => row.id, distinct: true },
  { name: 'team', type: 'STRING', of: (row) => row.team, nullable: true },
  { name: 'version', type: 'INT32', of: (row) => row.version },
  { name: 'score', type: 'DOUBLE', of: (row) => row.score },
  { name: 'label', type: 'DOUBLE', of: (row) => row.label, nullable: true },
  { name: 'isLate', type: 'BOOLEAN', of: (row) => row.isLate },
  { name: 'at', type: 'TIMESTAMP', of: (row) => row.at },
  { name: 'seenAt', type: 'TIMESTAMP', of: (row) => row.seenAt, nullable: true },
];

const text = fc.string({ unit: 'grapheme', maxLength: 80 });
const double = fc.double({ noNaN: true });
const instant = fc.integer({ min: -1e13, max: 1e13 });
const row = fc.record<Row>({
  id: text,
  team: fc.option(fc.constantFrom('flights', 'ads', '', 'München'), { nil: undefined }),
  version: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  score: double,
  label: fc.option(double, { nil: undefined }),
  isLate: fc.boolean(),
  at: instant,
  seenAt: fc.option(instant, { nil: undefined }),
});

const folder = mkdtempSync(path.join(tmpdir(), 'runway-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: Uint8Array): Promise<readonly object[]> {
  const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors });
  return rows.map((cells) =>
    Object.fromEntries(
      Object.entries(cells).map(([name, value]) => [
        name,
        value === null ? undefined : value instanceof Date ? value.getTime() : value,
      ]),
    ),
  );
}

async function readByDuckDb(bytes: Uint8Array, sql: string) {
  const file = path.join(folder, 'rows.parquet');
  writeFileSync(file, bytes);
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await db.runAndReadAll(sql.replace('FILE', `'${file}'`))).getRowsJS();
  } finally {
    db.closeSync();
  }
}

/** More than a row group, whose last page is not full. */
const many = Array.from(
  { length: 123_457 },
  (_, i): Row => ({
    id: `prediction ${i}`,
    team: i % 7 === 0 ? undefined : `team ${i % 300}`,
    version: i % 3,
    score: i / 7,
    label: i % 5 === 0 ? undefined : i % 2,
    isLate: i % 11 === 0,
    at: 980_143_200_000 + i,
    seenAt: i < 60_000 ? undefined : i,
  }),
);

describe('a file of Parquet', () => {
  it('gives back any rows', () =>
    fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (rows) => {
        expect(await read(encodeParquet(columns, rows))).toEqual(rows);
      }),
    ));

  it('gives back rows of several pages and groups, to DuckDB as well', async () => {
    const bytes = encodeParquet(columns, many);
    // As text, because telling all differences of so many objects takes seconds.
    expect(JSON.stringify(await read(bytes))).toBe(JSON.stringify(many));
    const sums = `count(*), count(team), count(DISTINCT team), sum(version), sum(label), count(*) FILTER (WHERE "isLate"),
      epoch_ms(max("at")), epoch_ms(min("seenAt")), count("seenAt"), count(DISTINCT id)`;
    const labelled = many.filter(({ label }) => label !== undefined);
    expect(await readByDuckDb(bytes, `SELECT ${sums} FROM FILE`)).toEqual([
      [
        BigInt(many.length),
        BigInt(many.filter(({ team }) => team !== undefined).length),
        300n,
        BigInt(many.reduce((sum, { version }) => sum + version, 0)),
        labelled.reduce((sum, { label = 0 }) => sum + label, 0),
        BigInt(many.filter(({ isLate }) => isLate).length),
        BigInt(many.at(-1)!.at),
        60_000n,
        BigInt(many.length - 60_000),
        BigInt(many.length),
      ],
    ]);
  });

  it('bounds times, so that a reader may leave out a group', async () => {
    const metadata = parquetMetadata(Uint8Array.from(encodeParquet(columns, many)).buffer);
    const bounds = metadata.row_groups.map(({ columns: chunks }) => chunks[6]?.meta_data?.statistics);
    expect(bounds.map((held) => [held?.min_value, held?.max_value])).toEqual([
      [new Date(many[0]!.at), new Date(many[99_999]!.at)],
      [new Date(many[100_000]!.at), new Date(many.at(-1)!.at)],
    ]);
    const found = await readByDuckDb(
      encodeParquet(columns, many),
      `SELECT id FROM FILE WHERE "at" = make_timestamp_ms(980143300000)`,
    );
    expect(found).toEqual([['prediction 100000']]);
  });

  it('writes text that is not well formed as UTF-8 that is', async () => {
    const [{ id } = { id: '' }] = (await read(encodeParquet(columns, [{ ...many[0]!, id: 'a\ud800b' }]))) as Row[];
    expect(id).toBe('a\ufffdb');
  });
});
