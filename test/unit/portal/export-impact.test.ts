import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf } from '../../../portal/src/format/csv.ts';
import { fileName, impactCsv, impactJson } from '../../../portal/src/pages/impact/export-impact.ts';
import { reached, root } from './made-up-lineage.ts';

const exported = { root: root.uri, asOf: undefined, items: [reached('a'), reached('b', ['a'])] };

describe('the CSV', () => {
  test('has a head and a row for each entity with its path', () => {
    expect(impactCsv(exported).split('\r\n')).toEqual([
      'hops,type,platform,name,uri,path',
      '1,dataset,test,a,aip://dataset/test/a,aip://dataset/test/root > aip://dataset/test/a',
      '2,dataset,test,b,aip://dataset/test/b,aip://dataset/test/root > aip://dataset/test/a > aip://dataset/test/b',
      '',
    ]);
  });

  test('never holds a cell that a spreadsheet would run', () => {
    const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '=HYPERLINK("http://x";"y")'];
    for (const name of hostile) {
      const [cell = ''] = csvOf(['name'], [[name]])
        .split('\r\n')
        .slice(1);
      expect(cell.replace(/^"/, '')).toMatch(/^'/);
    }
    expect(csvOf(['n'], [[-1]])).toBe('n\r\n-1\r\n');
  });

  test('gives back what was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (cells) => {
        const [, ...rest] = csvOf(['h'], [cells]).match(/(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/g) ?? [];
        const read = rest.map((cell) =>
          cell.replace(/(,|\r\n)$/, '').replace(/^"([\s\S]*)"$/, (_, text) => text.replaceAll('""', '"')),
        );
        const isFormula = (cell: string) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell);
        expect(read).toEqual(cells.map((cell) => (isFormula(cell) ? `'${cell}` : cell)));
      }),
      { seed: 7 },
    );
  });
});

test('the JSON says what it is of and when', () => {
  expect(JSON.parse(impactJson({ ...exported, asOf: '2001-05-03T00:00:00.000Z' }))).toMatchObject({
    root: root.uri,
    asOf: '2001-05-03T00:00:00.000Z',
    total: 2,
    items: exported.items,
  });
});

test('the file’s name is one on every system', () => {
  expect(fileName('aip://dataset/s3/lake/..%2Fa%20b.csv', 'csv')).toBe('impact-lake-..-a-b.csv.csv');
  expect(fileName('aip://dataset/s3/%2F%2F', 'json')).toBe('impact-entity.json');
});
