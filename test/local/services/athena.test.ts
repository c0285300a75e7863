import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchTables } from '../../../infra/parts/batch-tables.ts';
import { startS3 } from '../../../local/engines/s3.ts';
import { openJournal } from '../../../local/journal.ts';
import { createAthena } from '../../../local/services/athena.ts';
import { encodeRawOutcomes, encodeRawPredictions, rawKey } from '../../../shared/adapters/raw-archive-files.ts';
import {
  addDay,
  switchDay,
  unloadJoin,
  unloadMetrics,
} from '../../../shared/domain/ground-truth/batch/batch-statements.ts';
import { resource } from './fixtures.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-athena-'));
const bucket = 'ground-truth';
const day = Date.parse('2026-01-31T00:00:00.000Z');
const minute = 60_000;
let engine: Awaited<ReturnType<typeof startS3>>;
let client: S3Client;

const tables = batchTables.map(({ name, key, prefix, columns }) =>
  resource('AWS::Glue::Table', name, '', {
    DatabaseName: 'runway',
    TableInput: {
      Name: name,
      TableType: 'EXTERNAL_TABLE',
      Parameters: name === 'joined' ? {} : { 'projection.enabled': 'true' },
      PartitionKeys: [{ Name: key, Type: 'string' }],
      StorageDescriptor: {
        Columns: columns.map(([Name, Type]) => ({ Name, Type })),
        Location: `s3://${bucket}/${prefix}`,
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      },
    },
  }),
);

beforeAll(async () => {
  engine = await startS3({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new S3Client({ endpoint: engine.endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const common = { modelId: 'late-live', writer: 'flights/gate' };
  const predictions = ['p1', 'p2', 'p3'].map((predictionId, i) => ({
    ...common,
    predictionId,
    modelVersion: 1,
    predictedAt: day + i * minute,
    score: 0.25,
    samplingRatio: 1,
    isInSample: true,
    features: '{}',
    arrivedAt: day + i * minute + 1,
    position: `shard#${i}`,
  }));
  const outcome = {
    ...common,
    predictionId: 'p1',
    outcomeType: 'label',
    observedAt: day + 90 * minute,
    label: 1,
    arrivedAt: day + 90 * minute,
    position: 'shard#7',
  };
  const put = (Key: string, Body: Uint8Array) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  await put(rawKey('predictions', { hour: '2026-01-31T00', name: 'a' }), encodeRawPredictions(predictions));
  // Delivered twice, in two files.
  await put(rawKey('predictions', { hour: '2026-01-31T00', name: 'b' }), encodeRawPredictions(predictions.slice(1)));
  await put(rawKey('outcomes', { hour: '2026-01-31T01', name: 'c' }), encodeRawOutcomes([outcome]));
  await put(rawKey('outcomes', { hour: '2026-03-31T01', name: 'd' }), new Uint8Array([1]));
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

function athena(journal = openJournal(':memory:'), refuse: (action: string) => boolean = () => false) {
  return createAthena({
    journal,
    clock: { now: () => day },
    tables,
    workGroups: [
      resource('AWS::Athena::WorkGroup', 'batch', '', {
        WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: `s3://${bucket}/athena/` } },
      }),
    ],
    s3Endpoint: engine.endpoint,
    dataDir,
    guard: ({ action }) => (refuse(action) ? `may not ${action}` : undefined),
    roleOf: () => 'role',
  });
}

type Answer = {
  readonly QueryExecution: { readonly Status: { readonly State: string; readonly StateChangeReason?: string } };
};

async function run({ service, source }: ReturnType<typeof athena>, sql: string) {
  const input = { QueryString: sql, WorkGroup: 'batch', QueryExecutionContext: { Database: 'runway' } };
  const { QueryExecutionId } = (await service.handle('StartQueryExecution', input, 'key')) as {
    QueryExecutionId: string;
  };
  await source.pump();
  const { QueryExecution } = (await service.handle('GetQueryExecution', { QueryExecutionId }, 'key')) as Answer;
  const results = async () => {
    const { ResultSet } = (await service.handle('GetQueryResults', { QueryExecutionId }, 'key')) as {
      ResultSet: { Rows: { Data: { VarCharValue?: string }[] }[] };
    };
    return ResultSet.Rows.slice(1).map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue));
  };
  return { ...QueryExecution.Status, results };
}

const type = { name: 'label', kind: 'binary', attributionWindowMinutes: 60, provenance: 'exact' } as const;
const wide = { ...type, attributionWindowMinutes: 600 };
const scope = (label: typeof type | typeof wide) => ({
  models: [{ modelId: 'late-live', outcomeTypes: [label] }],
  from: day,
  to: day + 1_440 * minute,
  cutoff: day + 2_880 * minute,
});

it('joins what the archive wrote, and switches a day from one run to the next', async () => {
  const engineOfDay = athena();
  const place = (id: string) => `s3://${bucket}/joined/date=2026-01-31/run=${id}/`;
  const statuses = () =>
    run(
      engineOfDay,
      'SELECT status, count(*) AS n FROM joined WHERE "date" = \'2026-01-31\' GROUP BY status ORDER BY status',
    ).then((each) => each.results());
  expect(await statuses()).toEqual([]);
  expect((await run(engineOfDay, unloadJoin(scope(type), place('one')))).State).toBe('SUCCEEDED');
  expect(await statuses()).toEqual([]);
  expect((await run(engineOfDay, addDay('2026-01-31', place('one')))).State).toBe('SUCCEEDED');
  expect(await statuses()).toEqual([['expired', '3']]);
  expect((await run(engineOfDay, unloadJoin(scope(wide), place('two')))).State).toBe('SUCCEEDED');
  await run(engineOfDay, addDay('2026-01-31', place('two')));
  expect(await statuses()).toEqual([['expired', '3']]);
  await run(engineOfDay, switchDay('2026-01-31', place('two')));
  expect(await statuses()).toEqual([
    ['attributed', '1'],
    ['expired', '2'],
  ]);
  const metrics = unloadMetrics(
    { models: scope(wide).models, date: '2026-01-31', settledMinutes: 1_440 },
    `s3://${bucket}/metrics/two/`,
  );
  expect((await run(engineOfDay, metrics)).State).toBe('SUCCEEDED');
  await engineOfDay.close();
});

it('fails as Athena does, and says why', async () => {
  const engineOfDay = athena();
  const to = `s3://${bucket}/joined/date=2026-01-31/run=one/`;
  expect(await run(engineOfDay, unloadJoin(scope(type), to))).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining('HIVE_PATH_ALREADY_EXISTS'),
  });
  expect(await run(engineOfDay, 'SELECT nothing FROM joined')).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining('nothing'),
  });
  expect(await run(engineOfDay, switchDay('2026-02-01', to))).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining('partition not found'),
  });
  expect(await run(engineOfDay, 'DROP TABLE joined')).toMatchObject({ State: 'FAILED' });
  await engineOfDay.close();
  const refused = athena(undefined, (action) => action === 's3:GetObject');
  expect(await run(refused, 'SELECT count(*) FROM raw_predictions')).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining('may not s3:GetObject'),
  });
  await refused.close();
});

it('starts a query once for a token, and has failed what a restart interrupts', async () => {
  const journal = openJournal(':memory:');
  const first = athena(journal);
  const input = {
    QueryString: 'SELECT 1 AS one',
    WorkGroup: 'batch',
    QueryExecutionContext: { Database: 'runway' },
    ClientRequestToken: 'x'.repeat(32),
  };
  const start = () => first.service.handle('StartQueryExecution', input, 'key');
  const started = await start();
  expect(await start()).toEqual(started);
  const interrupted = athena(journal);
  const answer = (await interrupted.service.handle(
    'GetQueryExecution',
    started as Record<string, unknown>,
    'key',
  )) as Answer;
  expect(answer.QueryExecution.Status.State).toBe('FAILED');
  await first.close();
  await interrupted.close();
});
