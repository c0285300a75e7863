import { describe, expect, it } from 'vitest';
import { openTable } from '../../../shared/adapters/tables/open-table.ts';
import { readEmbeddings } from '../../../shared/adapters/tables/read-embeddings.ts';
import { commonSample } from '../../../shared/domain/health/embedding/id-sample.ts';
import { memorySource } from './source.ts';

const read = async (name: string, text: string, maximumValues?: number) =>
  readEmbeddings(await openTable(memorySource(name, Buffer.from(text))), {
    file: name,
    idColumn: 'id',
    ...(maximumValues === undefined ? {} : { maximumValues }),
  });

const lines = (from: number, to: number) =>
  `id,x,y\n${Array.from({ length: to - from }, (_, i) => `n${from + i},${from + i},-1`).join('\n')}\n`;

describe('reading embeddings', () => {
  it('takes every column but the id as a coordinate', async () => {
    const { set, sampledRatio, rowsInFile } = await read('f.csv', 'x,id,y\n1,a,2\n3,b,\n');
    expect(set.ids).toEqual(['a', 'b']);
    expect([...set.vectors.values]).toEqual([1, 2, 3, Number.NaN]);
    expect({ sampledRatio, rowsInFile }).toEqual({ sampledRatio: 1, rowsInFile: 2 });
  });

  it('reads lists, in text or in JSON', async () => {
    const text = await read('f.csv', 'id,vector\na,"[1, 2]"\nb,"[3 4.5]"\n');
    const json = await read('f.ndjson', '{"id":"a","vector":[1,2]}\n{"id":"b","vector":[3,4.5]}\n');
    expect([...text.set.vectors.values]).toEqual([1, 2, 3, 4.5]);
    expect(json.set).toEqual(text.set);
    await expect(read('f.csv', 'id,vector\na,"[1]"\nb,"[3 4]"\n')).rejects.toThrow('lists of 1 and 2 numbers');
  });

  it('keeps a sample in bounded memory, on whose ids files agree', async () => {
    const [first, second] = [await read('f.csv', lines(0, 4_000), 600), await read('g.csv', lines(0, 1_000), 600)];
    expect(first.set.ids.length).toBeLessThanOrEqual(300);
    expect(first.sampledRatio).toBeLessThan(second.sampledRatio);
    expect(first.rowsInFile).toBe(4_000);
    const { sets, sampledRatio } = commonSample([first, second]);
    expect(sampledRatio).toBe(first.sampledRatio);
    const [a, b] = sets.map(({ ids }) => new Set(ids));
    expect([...b!].every((id) => a!.has(id))).toBe(true);
    expect(b!.size).toBeGreaterThan(0);
    const { ids, vectors } = sets[1]!;
    expect(ids.map((id, row) => id === `n${vectors.values[2 * row]}`)).not.toContain(false);
  });
});
