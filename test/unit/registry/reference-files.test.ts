import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import type { ReferenceColumnNames } from '../../../shared/domain/registry/schemas.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { ada, createWorld, ndjson, now, referenceRows, trained, type World } from './registry-world.ts';

const first = Date.parse('2001-01-02T00:00:00Z');
const rows = referenceRows.map((row, n) => ({ ...row, predictedAt: new Date(first + n * 3_600_000).toISOString() }));
const names = { label: 'late', predictedAt: 'departed', score: 'p' } as const;

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

async function registered(
  key: string,
  content: string | Uint8Array,
  columns?: ReferenceColumnNames,
): Promise<Baseline> {
  const definition = await trained(world, 'run-1');
  const uri = `s3://artifacts/run-1/${key}`;
  await world.artifacts.put(uri, content);
  const referenceWindow = { ...definition.referenceWindow, uri, columns };
  const request = { modelId: 'late-basic', definition: { ...definition, referenceWindow }, actor: ada, now };
  const { version } = await registerVersion(world, request);
  expect(version.baselineStatus).toEqual({ status: 'ready' });
  return (await world.baselines.get('late-basic', version.version))!;
}

function csv(header: readonly string[], hourOf = (hour: string) => hour): string {
  const lines = rows.map(({ features: { hour, distance }, score, label, predictedAt }) =>
    [distance, hourOf(hour), score, predictedAt, label, 'noise'].join(','),
  );
  return [header.join(','), ...lines].join('\n');
}

const plain = ['distance', 'hour', 'score', 'predictedAt', 'label', 'note'];

function parquet(): Uint8Array {
  const column = (name: string, data: unknown[], type: 'STRING' | 'DOUBLE' | 'TIMESTAMP' | 'INT32') => ({
    name,
    data,
    type,
  });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column(
          'late',
          rows.map(({ label }) => label),
          'INT32',
        ),
        column(
          'p',
          rows.map(({ score }) => score),
          'DOUBLE',
        ),
        column(
          'distance',
          rows.map(({ features }) => features.distance),
          'DOUBLE',
        ),
        column(
          'hour',
          rows.map(({ features }) => features.hour),
          'STRING',
        ),
        column(
          'departed',
          rows.map(({ predictedAt }) => new Date(predictedAt)),
          'TIMESTAMP',
        ),
      ],
      rowGroupSize: 64,
    }),
  );
}

describe('the baseline of a reference window', () => {
  it('is the same from NDJSON, CSV and Parquet, packed or not', async () => {
    const expected = await registered('window.ndjson', ndjson(rows));
    expect(expected.blocks).toHaveLength(9);
    expect(expected.performance).toMatchObject({ n: 200 });
    for (const [key, content, columns] of [
      ['window.ndjson.gz', gzipSync(ndjson(rows)), undefined],
      ['window.csv', csv(plain), undefined],
      ['window.csv.gz', gzipSync(csv(plain)), undefined],
      ['named.csv', csv(['distance', 'hour', 'p', 'departed', 'late', 'note']), names],
      ['window.parquet', parquet(), names],
    ] as const) {
      world = await createWorld();
      expect(await registered(key, content, columns), key).toEqual(expected);
    }
  });

  it('is refused when a table has no number where the schema requires one, naming the rows', async () => {
    await expect(registered('window.csv', 'distance,hour,score\nNaN,1,0.5\n,2,0.5\n3,3,0.5\n')).rejects.toMatchObject({
      problems: [
        { reason: 'row 1: /features/distance: the schema requires it' },
        { reason: 'row 2: /features/distance: the schema requires it' },
      ],
    });
  });

  it.each([
    ['a column that is missing', 'window.csv', 'hour,score\n1,0.5\n', 'no column "distance", it has hour, score'],
    [
      'text for a number',
      'window.csv',
      'distance,hour,score\nfar,1,0.5\n',
      'row 1: /features/distance: expected a finite number, got "far"',
    ],
    ['no row', 'window.csv', 'distance,hour,score\n', 'no row'],
    ['a file that is cut off', 'window.parquet', parquet().subarray(0, 500), 'not Parquet, or cut off'],
  ])('is refused for %s', async (_case, key, content, reason) => {
    await expect(registered(key, content)).rejects.toMatchObject({
      name: 'ArtifactUnusable',
      code: 'malformed-reference-window',
      message: expect.stringContaining(reason),
    });
  });
});
