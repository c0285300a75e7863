import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../shared/adapters/tables/open-table.ts';
import { cellsByColumn, memorySource } from './source.ts';

const read = async (content: string | Uint8Array, name = 'f.csv', chunkBytes = 7) => {
  const table = await openTable(memorySource(name, content, chunkBytes));
  return cellsByColumn(table);
};

describe('a CSV file', () => {
  it('gives text by column, and null for an empty cell', async () => {
    expect(await read('a,b\n1,x\n,y\n3,\n')).toEqual({ a: ['1', null, '3'], b: ['x', 'y', null] });
  });

  it('gives only the asked columns', async () => {
    const table = await openTable(memorySource('f.csv', 'a,b,c\n1,2,3\n'));
    expect(await cellsByColumn(table, ['c', 'a'])).toEqual({ c: ['3'], a: ['1'] });
  });

  it('may begin with a byte order mark, end lines with CR LF and lack the last line end', async () => {
    expect(await read('\uFEFFa,b\r\n"1","x"\r\n2,y')).toEqual({ a: ['1', '2'], b: ['x', 'y'] });
  });

  it('may have blank lines between rows of several cells; of one cell they are rows', async () => {
    expect(await read('a,b\n1,x\n\n2,y\n\n')).toEqual({ a: ['1', '2'], b: ['x', 'y'] });
    expect(await read('a\n1\n\n2\n')).toEqual({ a: ['1', null, '2'] });
  });

  it('may have a header only', async () => {
    expect(await read('a,b\n')).toEqual({ a: [], b: [] });
  });

  it('reads the same wherever its bytes are cut, packed or not', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '😀', ' ', '1'), maxLength: 6 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (rows, lineEnd, chunkBytes, isPacked) => {
          const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join(lineEnd) + lineEnd;
          const content = isPacked ? gzipSync(text) : Buffer.from(text);
          const column = (i: 0 | 1) => rows.map((row) => (row[i] === '' ? null : row[i]));
          expect(await read(content, isPacked ? 'f.csv.gz' : 'f.csv', chunkBytes)).toEqual({
            a: column(0),
            b: column(1),
          });
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it.each([
    ['', 'f.csv: empty, expected a header row'],
    ['a,b\n1,2\n\n3\n', 'f.csv: line 4 has 1 cells, expected 2 as in the header'],
    ['a,b\n"1\n1",2\n3,4,5\n', 'f.csv: line 4 has 3 cells, expected 2 as in the header'],
    ['a,a\n1,2\n', 'f.csv: the header names "a" twice'],
    ['a;b\n1;2\n', 'f.csv: the header is separated by ";", expected commas'],
    ['a,,c\n1,2,3\n', 'f.csv: the header has a column without a name'],
    ['a,b\n1,"2\n', 'f.csv: line 2: quoted field unterminated'],
    ['a,b\n1,"2"3\n4,"5"\n', 'f.csv: line 2: trailing quote on quoted field is malformed'],
  ])('that reads %j is refused', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'unreadable-table', message });
  });

  it('that is cut off, not packed or not text is refused', async () => {
    const packed = gzipSync('a,b\n1,2\n'.repeat(99));
    await expect(read(packed.subarray(0, 30), 'f.csv.gz')).rejects.toThrow('f.csv.gz: the gzip stream ends early');
    await expect(read('a,b\n1,2\n', 'f.csv.gz')).rejects.toThrow('f.csv.gz: not gzip');
    await expect(read(Buffer.from('a,b\n1,\xe9\n', 'latin1'))).rejects.toThrow('f.csv: not UTF-8 text');
  });

  it('names the columns it has when one is asked that it lacks', async () => {
    const table = await openTable(memorySource('f.csv', 'a,b\n'));
    expect(() => table.batches(['x', 'a'])).toThrow('f.csv: no column "x", it has a, b');
  });

  it('is told by its ending', async () => {
    await expect(read('a\n', 'f.txt')).rejects.toThrow('f.txt: unknown ending, expected .csv, .csv.gz');
  });
});
