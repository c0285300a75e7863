import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { openTable } from '../../shared/adapters/tables/open-table.ts';
import { createReferenceFiles } from '../../shared/adapters/tables/reference-files.ts';
import { packJson } from '../../shared/domain/ground-truth/packed-json.ts';
import type { ByteSource } from '../../shared/ports/table.ts';
import { readBaseline } from '../../shared/use-cases/health/read-baseline.ts';

// The baseline of a large reference window in Parquet: `npm run bench:baseline`. Prints, asserts nothing; see
// docs/benchmarks.md.

const sizes = [250_000, 500_000, 1_000_000];
const numeric = Array.from({ length: 14 }, (_, i) => `numeric_${i}`);
const categorical = Array.from({ length: 6 }, (_, i) => `categorical_${i}`);
const window = { from: '2001-01-01T00:00:00.000Z', to: '2001-01-30T23:59:59.999Z' } as const;

async function write(directory: string, rows: number): Promise<string> {
  const file = path.join(directory, `${rows}.parquet`);
  const connection = await (await DuckDBInstance.create()).connect();
  const columns = [
    ...numeric.map((name, i) => `random() * ${i + 1} AS ${name}`),
    ...categorical.map((name) => `'airport ' || floor(random() * 200)::INT AS ${name}`),
    'random() AS score',
    '(random() < 0.2)::INT AS label',
    `epoch_ms(${Date.parse(window.from)} + floor(random() * 30 * 86400000)::BIGINT) AS "predictedAt"`,
  ];
  await connection.run('SELECT setseed(0.5)');
  await connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(${rows})) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return file;
}

function sourceOf(name: string, handle: FileHandle, size: number): ByteSource {
  const read = async (from: number, to: number) => {
    const bytes = new Uint8Array(to - from);
    await handle.read(bytes, 0, bytes.length, from);
    return bytes.buffer;
  };
  return {
    name,
    size,
    read,
    async *stream() {
      yield new Uint8Array(await read(0, size));
    },
  };
}

async function readCells(source: ByteSource): Promise<string> {
  const table = await openTable(source);
  let cells = 0;
  for await (const batch of table.batches(table.columns)) cells += batch.rows * table.columns.length;
  return `${cells.toLocaleString('en')} cells`;
}

async function build(source: ByteSource): Promise<string> {
  const feature = { required: true, importance: 1 } as const;
  const features = [
    ...numeric.map((name) => ({ name, type: 'numeric' as const, ...feature })),
    ...categorical.map((name) => ({ name, type: 'categorical' as const, ...feature })),
  ];
  const file = await createReferenceFiles({ source: async () => source }).open(source.name);
  const baseline = await readBaseline(file, { modelId: 'm', version: 1, taskType: 'binary', features, ...window });
  const kilobytes = Math.round(packJson(baseline).byteLength / 1_000);
  return `${baseline.blocks?.length ?? 0} blocks, deciles of ${(baseline.sampledRows ?? baseline.n).toLocaleString('en')} rows, ${kilobytes} kB packed`;
}

const works = { cells: readCells, baseline: build } as const;

/** In a process of its own, whose peak memory is then that of this work. */
async function measure(work: keyof typeof works, file: string): Promise<void> {
  const handle = await open(file);
  const result = await works[work](sourceOf(file, handle, (await handle.stat()).size));
  await handle.close();
  const { user, system } = process.cpuUsage();
  const peak = Math.round(process.resourceUsage().maxRSS / 1_024);
  console.log(`  ${work}: ${((user + system) / 1e6).toFixed(1)} s of processor time, ${peak} MB at most; ${result}`);
}

async function main(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'runway-baseline-'));
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  try {
    for (const rows of sizes) {
      const file = await write(directory, rows);
      console.log(`${rows.toLocaleString('en')} rows of 20 features in Parquet:`);
      for (const work of ['cells', 'baseline'])
        spawnSync(process.execPath, [fileURLToPath(import.meta.url), work, file], { stdio: 'inherit' });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const [work, file] = process.argv.slice(2);
if ((work === 'cells' || work === 'baseline') && file !== undefined) await measure(work, file);
else await main();
