import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../shared/adapters/tables/open-table.ts';
import { cellsByColumn, memorySource } from './source.ts';

const read = async (content: string | Uint8Array, name = 'f.ndjson') =>
  cellsByColumn(await openTable(memorySource(name, content)));

describe('an NDJSON file', () => {
  it('has the keys of all rows as columns; absent, null and empty are null', async () => {
    const text = '{"a":1,"b":"x"}\n\n{"b":"","c":true}\r\n{"a":null,"toString":2}';
    expect(await read(text)).toEqual({
      a: [1, null, null],
      b: ['x', null, null],
      c: [null, true, null],
      toString: [null, null, 2],
    });
    expect(await read(gzipSync(text), 'f.jsonl.gz')).toEqual(await read(text));
  });

  it('says how many rows it has', async () => {
    expect((await openTable(memorySource('f.ndjson', '{"a":1}\n{"a":2}\n'))).rows).toBe(2);
  });

  it('gives more rows than a batch holds in order', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => i);
    const text = rows.map((a) => JSON.stringify({ a })).join('\n');
    const table = await openTable(memorySource('f.ndjson', text, 4_096));
    expect(await cellsByColumn(table)).toEqual({ a: rows });
  });

  it.each([
    ['', 'f.ndjson: empty, expected one JSON object a line'],
    ['{"a":1}\n{"a":\n', 'f.ndjson: line 2 is not JSON'],
    ['{"a":1}\n[1]\n', 'f.ndjson: line 2 is [1], expected a JSON object'],
    ['{"a":1}\n\n{"a":{"b":1}}\n', 'f.ndjson: line 3: column "a" holds an object, expected a plain value'],
  ])('that reads %j is refused', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
