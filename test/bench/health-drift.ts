import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

// What `runway drift` costs from Parquet, beside DuckDB that only looks at the same columns: `npm run bench:health-drift`.
// Prints, asserts nothing.

const full = { rows: 1_000_000, columns: 20 } as const;
const grid = { rows: [100_000, 300_000, 1_000_000], columns: [5, 10, 20, 40] } as const;

/** What a column holds, in turn; `shift` is 0 in the reference. Three of five are numbers. */
const kinds: readonly ((shift: number) => string)[] = [
  (shift) => `sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) + ${shift}`,
  (shift) => `CASE WHEN random() < 0.7 - ${shift} THEN 0 ELSE round(-ln(1 - random()) * 100) / 4 END`,
  () => "chr(65 + CAST(floor(random() * 26) AS INTEGER)) || 'x'",
  () => 'CASE WHEN random() < 0.02 THEN NULL ELSE CAST(floor(random() * 1000) AS INTEGER) END',
  (shift) =>
    `CASE WHEN random() < 0.01 THEN NULL ELSE 'city ' || CAST(floor(200 * pow(random(), 2 + ${shift})) AS INTEGER) END`,
];

const runway = fileURLToPath(new URL('../../cli/runway.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'runway-bench-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();

async function writeParquet(name: string, rows: number, columns: number, shift: number): Promise<string> {
  const path = join(folder, `${name}-${rows}-${columns}.parquet`);
  const list = Array.from({ length: columns }, (_, i) => `${kinds[i % kinds.length]!(shift)} AS c${i}`);
  await duckdb.run(`COPY (SELECT ${list.join(', ')} FROM range(${rows})) TO '${path}' (FORMAT parquet)`);
  return path;
}

type Cost = { readonly seconds: number; readonly processorSeconds: number; readonly peakMegabytes: number };

/** Runs in the measured process. */
const report = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('cost ' + JSON.stringify([maxRSS / 1024, (userCPUTime + systemCPUTime) / 1e6]));
})`;

/** A process of its own, from its start to its end. */
async function driftCost(reference: string, current: string): Promise<Cost> {
  const args = ['--import', `data:text/javascript,${encodeURIComponent(report)}`, runway, 'drift'];
  const started = performance.now();
  const child = spawn(process.execPath, [...args, `--reference=${reference}`, `--current=${current}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  const cost = /cost (\[.*\])/.exec(text)?.[1];
  if (code !== 0 || cost === undefined) throw new Error(`runway drift ended with ${String(code)}: ${text}`);
  const [peakMegabytes, processorSeconds]: readonly number[] = JSON.parse(cost);
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, processorSeconds: processorSeconds!, peakMegabytes: peakMegabytes! };
}

/** By the clock and of the processor. */
async function secondsOf(work: () => Promise<unknown>): Promise<{ readonly wall: number; readonly processor: number }> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1_000, processor: (user + system) / 1e6 };
}

function scan(connection: DuckDBConnection, files: readonly string[], columns: number) {
  const looks = Array.from({ length: columns }, (_, i) => `min(c${i}), max(c${i}), count(c${i})`);
  const list = files.map((file) => `'${file}'`).join(', ');
  return connection.runAndReadAll(`SELECT ${looks.join(', ')} FROM read_parquet([${list}])`);
}

async function pair(rows: number, columns: number) {
  const reference = await writeParquet('reference', rows, columns, 0);
  const current = await writeParquet('current', rows, columns, 0.1);
  return { reference, current };
}

async function printFull(): Promise<void> {
  const { rows, columns } = full;
  const { reference, current } = await pair(rows, columns);
  const megabytes = (statSync(reference).size + statSync(current).size) / 2 ** 20;
  const files = `${megabytes.toFixed(0)} MB of Parquet`;
  console.log(`${rows.toLocaleString('en')} rows × ${columns} columns on either side, ${files}:`);
  const { seconds, processorSeconds, peakMegabytes } = await driftCost(reference, current);
  const ofProcessor = `${processorSeconds.toFixed(1)} s of processor time`;
  console.log(`  runway drift: ${seconds.toFixed(1)} s, ${ofProcessor}, peak memory ${peakMegabytes.toFixed(0)} MB`);
  const look = await secondsOf(() => scan(duckdb, [reference, current], columns));
  const lookCost = `${look.wall.toFixed(2)} s, ${look.processor.toFixed(2)} s of processor time`;
  console.log(`  DuckDB SELECT min, max, count of the same columns: ${lookCost}`);
  console.log(
    `  runway drift takes ${(processorSeconds / look.processor).toFixed(1)} times the processor time of that`,
  );
}

async function printGrid(): Promise<void> {
  console.log('processor seconds, start included (microseconds per value of both sides), peak memory:');
  console.log(
    `  ${'rows a side'.padStart(12)}${grid.columns.map((columns) => `${columns} columns`.padStart(28)).join('')}`,
  );
  for (const rows of grid.rows) {
    const cells: string[] = [];
    for (const columns of grid.columns) {
      const { reference, current } = await pair(rows, columns);
      const { processorSeconds, peakMegabytes } = await driftCost(reference, current);
      const each = ((processorSeconds * 1e6) / (2 * rows * columns)).toFixed(3);
      cells.push(`${processorSeconds.toFixed(2)} s (${each} µs) ${peakMegabytes.toFixed(0)} MB`.padStart(28));
      rmSync(reference);
      rmSync(current);
    }
    console.log(`  ${rows.toLocaleString('en').padStart(12)}${cells.join('')}`);
  }
}

console.log(`load ${loadavg()[0]?.toFixed(1)}`);
try {
  await printFull();
  await printGrid();
} finally {
  rmSync(folder, { recursive: true });
}
