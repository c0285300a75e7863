import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../local/engines/s3.ts';
import { createS3RawArchive } from '../../shared/adapters/s3/s3-raw-archive.ts';
import type { RawOutcome, RawPrediction } from '../../shared/domain/ground-truth/raw-rows.ts';
import type { RawFile } from '../../shared/ports/raw-archive.ts';
import { outcomes, predictions, rawArchiveContract } from './raw-archive.contract.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-archive-'));
let engine: Awaited<ReturnType<typeof startS3>>;
let client: S3Client;

beforeAll(async () => {
  engine = await startS3({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new S3Client({ endpoint: engine.endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: 'ground-truth' }));
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

const archive = () => createS3RawArchive({ client, bucketName: 'ground-truth' });

async function objectOf(kind: 'predictions' | 'outcomes', { hour, name }: RawFile): Promise<Uint8Array | undefined> {
  const Key = `raw/${kind}/arrival=${hour}/${name}.parquet`;
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'ground-truth', Key }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Names as the domain has them, times as milliseconds, without what is null. */
async function rowsOf<Row>(kind: 'predictions' | 'outcomes', file: RawFile): Promise<readonly Row[] | undefined> {
  const bytes = await objectOf(kind, file);
  if (bytes === undefined) return undefined;
  const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors });
  return rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(asField)) as Row);
}

function asField([column, value]: [string, unknown]): [string, unknown][] {
  if (value === null || value === undefined) return [];
  const name = column.replace(/^in_/, 'is_in_').replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return [[name, value instanceof Date ? value.getTime() : value]];
}

describe('raw archive on S3', () => {
  rawArchiveContract(() => ({
    archive: archive(),
    predictions: (file) => rowsOf<RawPrediction>('predictions', file),
    outcomes: (file) => rowsOf<RawOutcome>('outcomes', file),
  }));
});

describe('DuckDB reads of its files', () => {
  const file = { hour: '2001-01-22T09', name: 'shard-1-7-8' };

  async function query(kind: 'predictions' | 'outcomes', sql: string) {
    const copy = path.join(dataDir, `${kind}.parquet`);
    writeFileSync(copy, (await objectOf(kind, file))!);
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    try {
      return (await duckdb.runAndReadAll(sql.replace('FILE', `read_parquet('${copy}')`))).getRowsJS();
    } finally {
      duckdb.closeSync();
    }
  }

  it('the columns and types that the join names', async () => {
    await archive().putPredictions(file, predictions);
    await archive().putOutcomes(file, outcomes);
    const typesOf = async (kind: 'predictions' | 'outcomes') =>
      Object.fromEntries((await query(kind, 'DESCRIBE SELECT * FROM FILE')).map(([name, type]) => [name, type]));
    const common = { model_id: 'VARCHAR', prediction_id: 'VARCHAR', writer: 'VARCHAR', position: 'VARCHAR' };
    expect(await typesOf('predictions')).toEqual({
      ...common,
      model_version: 'INTEGER',
      predicted_at: 'TIMESTAMP',
      scored_at: 'TIMESTAMP',
      score: 'DOUBLE',
      sampling_ratio: 'DOUBLE',
      in_sample: 'BOOLEAN',
      rollout_id: 'VARCHAR',
      shadows: 'VARCHAR',
      items: 'VARCHAR',
      features: 'VARCHAR',
      segments: 'VARCHAR',
      arrived_at: 'TIMESTAMP',
    });
    expect(await typesOf('outcomes')).toEqual({
      ...common,
      outcome_type: 'VARCHAR',
      item_id: 'VARCHAR',
      predicted_at: 'TIMESTAMP',
      observed_at: 'TIMESTAMP',
      label: 'DOUBLE',
      business_value: 'DOUBLE',
      arrived_at: 'TIMESTAMP',
    });
  });

  it('times as UTC, numbers to the last bit and missing values as null', async () => {
    const columns =
      "prediction_id, epoch_ms(predicted_at), epoch_ms(scored_at), score, json_extract(features, '$.distance')";
    expect(await query('predictions', `SELECT ${columns} FROM FILE ORDER BY position`)).toEqual([
      [predictions[0]!.predictionId, 980_143_200_001n, null, 0.1 + 0.2, '733'],
      ['p2', -1n, 0n, -1e300, null],
    ]);
  });
});
