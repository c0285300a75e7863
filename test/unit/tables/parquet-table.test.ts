import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../shared/adapters/tables/open-table.ts';
import { cellsByColumn, memorySource } from './source.ts';

type Options = Parameters<typeof parquetWriteBuffer>[0];

const parquet = (options: Options) => new Uint8Array(parquetWriteBuffer(options));
const read = async (bytes: Uint8Array, names?: readonly string[]) =>
  cellsByColumn(await openTable(memorySource('f.parquet', bytes)), names);

const flights = parquet({
  columnData: [
    { name: 'delay', data: [1.5, Number.NaN, null, -0.25], type: 'DOUBLE' },
    { name: 'distance', data: [5n, 2n ** 40n, null, -7n], type: 'INT64' },
    { name: 'carrier', data: ['AA', '', null, 'é'], type: 'STRING' },
    { name: 'late', data: [true, false, null, true], type: 'BOOLEAN' },
    { name: 'at', data: [new Date(0), new Date(1e12), null, new Date(-1)], type: 'TIMESTAMP' },
    { name: 'tags', data: [{ a: 1 }, [2], null, 3], type: 'JSON' },
  ],
  rowGroupSize: 3,
});

describe('a Parquet file', () => {
  it('gives numbers, text, booleans, instants as ISO text, JSON as text, and null', async () => {
    expect(await read(flights)).toEqual({
      delay: [1.5, Number.NaN, null, -0.25],
      distance: [5, 2 ** 40, null, -7],
      carrier: ['AA', null, null, 'é'],
      late: [true, false, null, true],
      at: ['1970-01-01T00:00:00.000Z', '2001-09-09T01:46:40.000Z', null, '1969-12-31T23:59:59.999Z'],
      tags: ['{"a":1}', '[2]', null, '3'],
    });
  });

  it('says how many rows it has, and gives them a row group at a time', async () => {
    const table = await openTable(memorySource('f.parquet', flights));
    expect(table.rows).toBe(4);
    const sizes: number[] = [];
    for await (const batch of table.batches(['delay'])) sizes.push(batch.rows);
    expect(sizes).toEqual([3, 1]);
  });

  it('gives a numeric column without nulls as a typed array', async () => {
    const bytes = parquet({ columnData: [{ name: 'a', data: [1, 2], type: 'INT32' }] });
    const table = await openTable(memorySource('f.parquet', bytes));
    for await (const batch of table.batches(['a'])) expect(batch.column('a')).toEqual(Float64Array.of(1, 2));
  });

  it('gives decimals as the nearest double and days as ISO dates', async () => {
    const schema: Options['schema'] = [
      { name: 'root', num_children: 2 },
      { name: 'price', type: 'INT32', converted_type: 'DECIMAL', scale: 3, precision: 9, repetition_type: 'OPTIONAL' },
      { name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
    ];
    const columnData = [
      { name: 'price', data: [1.235, 0.007, null] },
      { name: 'day', data: [new Date(0), new Date(86_400_000 * 365), null] },
    ];
    expect(await read(parquet({ schema, columnData }))).toEqual({
      price: [1.235, 0.007, null],
      day: ['1970-01-01', '1971-01-01', null],
    });
  });

  it('reads nothing of the columns that were not asked', async () => {
    const source = memorySource('f.parquet', flights);
    let bytesRead = 0;
    const read = (from: number, to: number) => {
      bytesRead += to - from;
      return source.read(from, to);
    };
    const table = await openTable({ ...source, read });
    bytesRead = 0;
    expect(await cellsByColumn(table, ['carrier'])).toEqual({ carrier: ['AA', null, null, 'é'] });
    expect(bytesRead).toBeLessThan(flights.length / 4);
  });

  it('refuses nested and binary columns when they are asked', async () => {
    const schema: Options['schema'] = [
      { name: 'root', num_children: 2 },
      { name: 'place', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'gate', type: 'INT32', repetition_type: 'OPTIONAL' },
      { name: 'digest', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, repetition_type: 'REQUIRED' },
    ];
    const columnData = [
      { name: 'place', data: [{ gate: 1 }] },
      { name: 'digest', data: [Uint8Array.of(1, 2)] },
    ];
    const bytes = parquet({ schema, columnData });
    await expect(read(bytes, ['place'])).rejects.toThrow('column "place" is nested, expected one value a row');
    await expect(read(bytes, ['digest'])).rejects.toThrow('column "digest", rows 0 to 1: expected numbers, text');
  });

  it('gives lists of numbers as JSON text, with a null for what is no number', async () => {
    const list = (name: string, type: 'DOUBLE' | 'BYTE_ARRAY'): NonNullable<Options['schema']> => [
      { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type, repetition_type: 'OPTIONAL' },
    ];
    const schema: Options['schema'] = [
      { name: 'root', num_children: 2 },
      ...list('vector', 'DOUBLE'),
      ...list('words', 'BYTE_ARRAY'),
    ];
    const columnData = [
      { name: 'vector', data: [[1.5, -2], null, [Number.NaN, null], []] },
      { name: 'words', data: [['a'], null, null, null] },
    ];
    const bytes = parquet({ schema, columnData });
    expect(await read(bytes, ['vector'])).toEqual({ vector: ['[1.5,-2]', null, '[null,null]', '[]'] });
    await expect(read(bytes, ['words'])).rejects.toThrow('column "words" is nested');
  });

  it('that is empty, cut off or something else is refused', async () => {
    await expect(read(new Uint8Array())).rejects.toThrow('f.parquet: empty, expected Parquet');
    await expect(read(flights.subarray(0, -20))).rejects.toThrow('f.parquet: not Parquet, or cut off');
    await expect(read(Buffer.from('a,b\n1,2\n'))).rejects.toThrow('f.parquet: not Parquet, or cut off');
    const damaged = Uint8Array.from(flights);
    damaged.fill(0xff, 4, 60);
    await expect(read(damaged, ['delay'])).rejects.toMatchObject({ code: 'unreadable-table' });
  });
});
