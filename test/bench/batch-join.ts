import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { engineSettings } from '../../local/athena/engine-settings.ts';
import { trinoMacros } from '../../local/athena/trino-macros.ts';
import { joinSql } from '../../shared/domain/ground-truth/batch/join-sql.ts';
import { metricsSql } from '../../shared/domain/ground-truth/batch/metrics-sql.ts';
import { dayMillis, toInstant } from '../../shared/domain/time.ts';

// npm run bench:batch-join [-- <predictions>x<outcomes> …]: a week of predictions joined date by date with outcomes that
// come within seven days, as the workflow does and with the embedded Athena's settings, in a process of its own. Beside it a
// bare scan of the same columns. Rows are made by DuckDB and deleted after.

const cases = process.argv.slice(2).filter((argument) => /^\d+x\d+$/.test(argument));
const sizes = cases.length > 0 ? cases : ['10000000x8000000', '40000000x12000000'];
const days = 7;
const start = Date.parse('2026-01-05T00:00:00.000Z');
const span = days * dayMillis;
const models = Array.from({ length: 20 }, (_, i) => ({
  modelId: `model-${i}`,
  outcomeTypes: [
    { name: 'label', kind: 'binary', attributionWindowMinutes: days * 1_440, provenance: 'exact' } as const,
  ],
}));
/** What a row of generated data may take on disk, results and spilled rows included. */
const bytesPerRow = 400;

type Measured = {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  readonly peakMegabytes: number;
  readonly rows: number;
};

async function open(folder: string): Promise<{ readonly db: DuckDBConnection; readonly close: () => void }> {
  const settings = { ...engineSettings(path.join(folder, 'spilled')), threads: '2' };
  const instance = await DuckDBInstance.create(':memory:', settings);
  const db = await instance.connect();
  for (const macro of trinoMacros) await db.run(macro);
  return {
    db,
    close: () => {
      db.closeSync();
      instance.closeSync();
    },
  };
}

const at = (expression: string) => `make_timestamp_ms(CAST(${start} + ${expression} AS BIGINT))`;
const hour = (column: string) => `strftime(${column}, '%Y-%m-%dT%H')`;
const position = (row: string) => `'shardId-000000000000#' || lpad(CAST(${row} AS VARCHAR), 64, '0') || '#000000'`;

/** In the order of arrival, as the archive's files are. Half of the outcomes are of the same id as some other. */
async function generate(folder: string, predictions: number, outcomes: number): Promise<void> {
  const { db, close } = await open(folder);
  const made = `CAST(i AS DOUBLE) * ${span} // ${predictions}`;
  const model = `'model-' || CAST(hash(i, 1) % 20 AS VARCHAR)`;
  const id = `format('{:016x}', hash(i, 2))`;
  await db.run(`COPY (SELECT *, ${hour('arrived_at')} AS arrival FROM (
    SELECT ${model} AS model_id, ${id} AS prediction_id, CAST(1 + hash(i, 3) % 2 AS INTEGER) AS model_version,
      ${at(made)} AS predicted_at, (hash(i, 4) % 1000000) / 1e6 AS score, 1e0 AS sampling_ratio, true AS in_sample,
      CAST(NULL AS VARCHAR) AS segments, CAST(NULL AS VARCHAR) AS items, ${at(`${made} + 2000`)} AS arrived_at, ${position('i')} AS position
    FROM range(${predictions}) AS t (i)
  )) TO '${folder}/predictions.parquet' (FORMAT parquet, COMPRESSION zstd)`);
  await db.run(`COPY (SELECT *, ${hour('arrived_at')} AS arrival FROM (
    SELECT ${model} AS model_id, ${id} AS prediction_id, 'label' AS outcome_type, CAST(NULL AS VARCHAR) AS item_id,
      ${at(made)} AS predicted_at, ${at(`${made} + hash(j, 5) % ${span}`)} AS observed_at,
      CAST(hash(j, 6) % 2 AS DOUBLE) AS label, CAST(NULL AS DOUBLE) AS business_value, 'team/writer' AS writer,
      ${at(`${made} + hash(j, 5) % ${span} + 2000`)} AS arrived_at, ${position(`j + ${predictions}`)} AS position
    FROM (SELECT j, CAST(hash(j, 7) % ${predictions} AS BIGINT) AS i FROM range(${outcomes}) AS t (j))
  ) ORDER BY arrived_at) TO '${folder}/outcomes.parquet' (FORMAT parquet, COMPRESSION zstd)`);
  close();
}

async function measured(folder: string, work: (db: DuckDBConnection) => Promise<number>): Promise<Measured> {
  const { db, close } = await open(folder);
  const began = performance.now();
  const used = process.cpuUsage();
  const rows = await work(db);
  const milliseconds = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  close();
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const processorMilliseconds = (user + system) / 1_000;
  return { milliseconds, processorMilliseconds, peakMegabytes: Number(peak) / 1_024, rows };
}

async function one(db: DuckDBConnection, sql: string): Promise<number> {
  return Number((await db.runAndReadAll(sql)).getRowsJson()[0]?.[0]);
}

const work: Readonly<Record<string, (db: DuckDBConnection, folder: string) => Promise<number>>> = {
  scan: (db, folder) =>
    one(
      db,
      `SELECT count(*) FROM (SELECT count(*) FROM (
        SELECT max(model_id), max(prediction_id), max(model_version), max(predicted_at), max(score), max(sampling_ratio),
          max(in_sample), max(segments), max(position), max(arrived_at) FROM '${folder}/predictions.parquet'
        UNION ALL SELECT max(model_id), max(prediction_id), 1, max(predicted_at), max(label), max(business_value),
          max(observed_at) IS NULL, max(writer), max(position), max(arrived_at) FROM '${folder}/outcomes.parquet'))`,
    ),
  async join(db, folder) {
    mkdirSync(`${folder}/joined`, { recursive: true });
    const tables = { predictions: `'${folder}/predictions.parquet'`, outcomes: `'${folder}/outcomes.parquet'` };
    const cutoff = start + 2 * span + dayMillis;
    for (let from = start; from < start + span; from += dayMillis) {
      const sql = joinSql({ tables, models, from, to: from + dayMillis, cutoff });
      const date = toInstant(from).slice(0, 10);
      await db.run(`COPY (${sql}) TO '${folder}/joined/${date}.parquet' (FORMAT parquet, COMPRESSION zstd)`);
    }
    return one(db, `SELECT count(*) FILTER (WHERE status = 'attributed') FROM '${folder}/joined/*.parquet'`);
  },
  async metrics(db, folder) {
    let rows = 0;
    for (let from = start; from < start + span; from += dayMillis) {
      const date = toInstant(from).slice(0, 10);
      const joined = `(SELECT *, '${date}' AS "date" FROM '${folder}/joined/${date}.parquet')`;
      rows += (await db.runAndReadAll(metricsSql({ joined, models, date, settledMinutes: Number.MAX_SAFE_INTEGER })))
        .currentRowCount;
    }
    return rows;
  },
};

function inProcess(what: string, folder: string): Measured {
  const self = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [self, '--child', what, folder], { encoding: 'utf8' })) as Measured;
}

async function run(size: string): Promise<void> {
  const [predictions = 0, outcomes = 0] = size.split('x').map(Number);
  const folder = mkdtempSync(path.join(tmpdir(), 'runway-batch-join-'));
  try {
    const { bavail, bsize } = statfsSync(folder);
    const needed = (predictions + outcomes) * bytesPerRow;
    if (bavail * bsize < needed) throw new Error(`received ${bavail * bsize} bytes of disk, expected ${needed}`);
    await generate(folder, predictions, outcomes);
    for (const what of Object.keys(work)) {
      const { milliseconds, processorMilliseconds, peakMegabytes, rows } = inProcess(what, folder);
      console.log(
        `${predictions / 1e6} M x ${outcomes / 1e6} M ${what}: ${(milliseconds / 1_000).toFixed(1)} s, ${(processorMilliseconds / 1_000).toFixed(1)} s of processor time, peak ${peakMegabytes.toFixed(0)} MB, ${rows} rows`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [flag, what = '', folder = ''] = process.argv.slice(2);
if (flag === '--child') {
  console.log(JSON.stringify(await measured(folder, (db) => work[what]!(db, folder))));
} else {
  console.log(`node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, 2 threads`);
  for (const size of sizes) await run(size);
}
