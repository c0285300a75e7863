import { afterAll, describe, expect, it } from 'vitest';
import { runCli, runJson, temporaryFolder } from '../../support/run-cli.ts';
import { cloud, permuted, rotated, version } from '../health/embedding/made-up-versions.ts';

const files = temporaryFolder();
afterAll(() => files.remove());

type Version = ReturnType<typeof version>;

const vectorOf = ({ vectors }: Version, row: number) => [
  ...vectors.values.subarray(row * vectors.columns, (row + 1) * vectors.columns),
];
const csv = (set: Version) =>
  ['id,x,y,z', ...set.ids.map((id, row) => [id, ...vectorOf(set, row)].join(','))].join('\n');
const ndjson = (set: Version) =>
  set.ids.map((id, row) => JSON.stringify({ id, vector: vectorOf(set, row) })).join('\n');

const reference = version(cloud(80, 3));
const reversed: Version = {
  ids: reference.ids.toReversed(),
  vectors: {
    ...reference.vectors,
    values: Float64Array.from(reference.ids.toReversed().flatMap((_, row) => vectorOf(reference, 79 - row))),
  },
};
const path = files.write('reference.csv', csv(reference));
const embeddings = (current: string, ...more: readonly string[]) =>
  runJson('embeddings', '--reference', path, '--current', current, '--id-column', 'id', ...more);

describe('the embeddings command', () => {
  it('matches rows by id, in any order and whether vectors are columns or lists', async () => {
    const asColumns = await embeddings(files.write('reversed.csv', csv(reversed)));
    const asLists = await embeddings(files.write('reversed.ndjson', ndjson(reversed)));
    expect(asColumns).toMatchObject({ n: 80, idCoverage: 1, relation: 'matched', verdict: { kind: 'ok' } });
    expect(asLists).toEqual(asColumns);
  });

  it('gives each side a verdict of its own', async () => {
    const current = files.write('rotated.csv', csv(rotated(reference)));
    const { verdict, mmd, reasons } = await embeddings(current);
    expect([verdict.kind, verdict.intrinsic.kind, verdict.coordinates.kind]).toEqual(['breach', 'ok', 'breach']);
    expect(mmd.pValue).toBeNull();
    expect(reasons['mmd.pValue']).toMatch('not exchangeable');
    expect((await embeddings(current, '--aligned', path)).verdict.kind).toBe('ok');
  });

  it('holds a version against the noise that is given', async () => {
    const current = files.write('permuted.csv', csv(permuted(reference, 1)));
    const { verdict } = await embeddings(current, '--noise', current);
    const overlap = verdict.intrinsic.checks.find((check: { name: string }) => check.name === 'neighbourOverlap');
    expect(overlap).toMatchObject({ verdict: 'ok', noise: overlap.value });
  });

  it('gives unmatched windows of one version a p-value', async () => {
    const { mmd, relation, verdict } = await embeddings(
      files.write('window.csv', csv(version(cloud(80, 3, 9), 'request'))),
      '--comparison=windows',
    );
    expect(relation).toBe('unmatched');
    expect(mmd.pValue).toBeGreaterThan(0);
    expect(verdict.kind).toBe('ok');
  });

  it('says of how many shared ids a sample was compared', async () => {
    const many = files.write('many.csv', csv(version(cloud(300, 3))));
    const { sample } = await runJson('embeddings', '--reference', many, '--current', many, '--maximum-rows', '100');
    expect(sample).toEqual({ idRatio: 1, rows: 100, shared: 300 });
  });

  it('names both verdicts and every check in the table', async () => {
    const { out } = await runCli('embeddings', '--reference', path, '--current', path, '--format', 'table');
    for (const text of ['intrinsic    ok: ', 'coordinates  ok: ', 'misplacedIds', 'rawCosineQ05', 'ckaLinear'])
      expect(out).toContain(text);
  });

  it.each([
    ['id,x\na,1\n,2\n', 'a row has no id'],
    ['id,x\na,green\n', 'column x has "green", expected a number'],
    ['id\na\n', 'vectors of 0 coordinates, expected 1 to 2048'],
  ])('refuses %j', async (content, message) => {
    const { code, error } = await runCli(
      'embeddings',
      '--reference',
      path,
      '--current',
      files.write('bad.csv', content),
    );
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining(message) });
  });

  it('takes empty cells and words for what is no number as coordinates that are not finite', async () => {
    const broken = csv(reference)
      .replace(/^(item-[0-9]),[^,]*,/gm, '$1,,')
      .replace(/^(item-1[0-9]),[^,]*,/gm, '$1,NaN,');
    const { ids, verdict } = await embeddings(files.write('broken.csv', broken));
    expect(ids).toMatchObject({ spoiled: 20, shared: 60 });
    expect(verdict.intrinsic).toMatchObject({ kind: 'breach', reason: expect.stringContaining('no longer finite') });
  });
});
