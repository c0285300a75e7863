import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource } from '../../cli/file-source.ts';
import { openTable } from '../../shared/adapters/tables/open-table.ts';
import { cellsByColumn } from '../unit/tables/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'runway-parquet-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
afterAll(() => rmSync(folder, { recursive: true }));

async function tableOf(name: string, query: string, options = '') {
  const path = join(folder, `${name}.parquet`);
  await duckdb.run(`COPY (${query}) TO '${path}' (FORMAT parquet${options})`);
  return openTable(await fileSource(path));
}

describe('Parquet that DuckDB wrote', () => {
  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    'is read when packed by %s',
    async (codec) => {
      const query =
        "SELECT i, i / 7 AS x, CASE WHEN i % 3 = 0 THEN NULL ELSE 'k' || i % 5 END AS k FROM range(5000) t(i)";
      const table = await tableOf(codec, query, `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`);
      const rows = Array.from({ length: 5_000 }, (_, i) => i);
      expect(table.rows).toBe(5_000);
      expect(await cellsByColumn(table)).toEqual({
        i: rows,
        x: rows.map((i) => i / 7),
        k: rows.map((i) => (i % 3 === 0 ? null : `k${i % 5}`)),
      });
    },
  );

  it.each([
    ["'2026-02-28'::DATE", '2026-02-28'],
    ["'2026-02-28 01:02:03.456789'::TIMESTAMP", '2026-02-28T01:02:03.456Z'],
    ["'2026-02-28 01:02:03+02'::TIMESTAMPTZ", '2026-02-27T23:02:03.000Z'],
    ["'1969-12-31 23:59:59.999'::TIMESTAMP_MS", '1969-12-31T23:59:59.999Z'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ['12.345::DECIMAL(9, 3)', 12.345],
    ['-0.07::DECIMAL(18, 2)', -0.07],
    ['12345678901234567.89::DECIMAL(30, 2)', 12345678901234568],
    ['9007199254740993::BIGINT', 9007199254740992],
    ['18446744073709551615::UBIGINT', 2 ** 64],
    ['4294967295::UINTEGER', 4294967295],
    ['(-128)::TINYINT', -128],
    ['1e300::DOUBLE', 1e300],
    ['0.5::FLOAT', 0.5],
    ['true', true],
    ["'6a3b1f0e-8a1c-4c55-9d3b-2f6b1f6f3c11'::UUID", '6a3b1f0e-8a1c-4c55-9d3b-2f6b1f6f3c11'],
    ["'😀'", '😀'],
  ])('gives %s as %j', async (expression, value) => {
    const table = await tableOf('value', `SELECT ${expression} AS v UNION ALL SELECT NULL`);
    const { v } = await cellsByColumn(table);
    expect(v?.sort()).toEqual([value, null].sort());
  });

  it('keeps NaN and infinities apart from null', async () => {
    const table = await tableOf('special', "SELECT unnest(['nan'::DOUBLE, 'inf'::DOUBLE, '-inf'::DOUBLE, NULL]) AS x");
    expect(await cellsByColumn(table)).toEqual({
      x: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null],
    });
  });

  it.each(["['a', 'b']", "{'a': 1}", "MAP {'a': 1}", "[DATE '2026-02-28']"])(
    'refuses %s, and no other column',
    async (nested) => {
      const table = await tableOf('nested', `SELECT ${nested} AS v, 1 AS n`);
      expect(await cellsByColumn(table, ['n'])).toEqual({ n: [1] });
      await expect(cellsByColumn(table, ['v'])).rejects.toThrow('column "v" is nested, expected one value a row');
    },
  );

  it.each([
    ['[1, 2]', '[1,2]'],
    ['[0.5::DOUBLE]', '[0.5]'],
    ["'ab'::BLOB", 'ab'],
  ])('gives the text of %s', async (expression, text) => {
    expect(await cellsByColumn(await tableOf('text', `SELECT ${expression} AS v`))).toEqual({ v: [text] });
  });
});
