import { gunzipSync } from 'node:zlib';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { createMemoryFailureStore } from '../../shared/adapters/memory/memory-failure-store.ts';
import { createMemoryJoinBuffer } from '../../shared/adapters/memory/memory-join-buffer.ts';
import { createMemoryModelDirectory } from '../../shared/adapters/memory/memory-model-directory.ts';
import { unpack } from '../../shared/domain/ground-truth/wire-format.ts';
import type { JoinBuffer } from '../../shared/ports/join-buffer.ts';
import { createBucketCache } from '../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinRecords } from '../../shared/use-cases/ground-truth/join-records.ts';
import { openRecord } from '../../shared/use-cases/ground-truth/open-record.ts';
import { startDynoxide } from '../contracts/dynoxide.ts';
import { groundTruthTable } from '../contracts/join-buffer.table.ts';
import { trustedWriters } from '../unit/ground-truth/fixtures/trusted-writers.ts';
import { type Batch, flightBatches, flightModels, rootSecret } from './flight-batches.ts';
import { benchStages } from './ingest-stages.ts';

// How fast events are unpacked, verified, validated and joined: `npm run bench:ingest`, or the steps of 20-feature records
// alone with `-- --steps`. Prints, asserts nothing; see docs/benchmarks.md.

const warmUp = 40;
const measured = 160;

async function run(name: string, buffer: JoinBuffer, batches: readonly Batch[]): Promise<void> {
  const opening = {
    directory: createMemoryModelDirectory(flightModels()),
    rootSecret: { read: async () => rootSecret },
    ...trustedWriters,
  };
  const failures = createMemoryFailureStore();
  const joining = { buffer, cache: createBucketCache(), failures };
  const millis: number[] = [];
  let before = process.cpuUsage();
  for (const { records } of batches) {
    if (millis.length === warmUp) before = process.cpuUsage();
    const startedAt = performance.now();
    const opened = [];
    for (const record of records) opened.push({ record, opened: await openRecord(opening, record) });
    const failed = await joinRecords(joining, opened);
    if (failed.length + failures.documents.size > 0) throw new Error(`${name}: a record failed`);
    millis.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  print(name, batches.slice(warmUp), { millis: millis.slice(warmUp), cpuMicros: user + system });
}

type Measured = { readonly millis: readonly number[]; readonly cpuMicros: number };

function print(name: string, batches: readonly Batch[], { millis, cpuMicros }: Measured): void {
  const events = batches.reduce((sum, batch) => sum + batch.events, 0);
  const total = millis.reduce((sum, each) => sum + each, 0);
  const sorted = [...millis].sort((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.floor(q * (sorted.length - 1))]?.toFixed(1);
  const rate = Math.round((events / total) * 1_000).toLocaleString('en');
  const size = Math.round(events / batches.length);
  // On a busy machine the processor time says more than the clock.
  const cpu = (cpuMicros / events).toFixed(1);
  console.log(`${name}: ${rate} events/s, ${cpu} µs of processor time each`);
  console.log(`  batches of about ${size}: median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms`);
}

function linesOf(data: Uint8Array): readonly string[] {
  const record = unpack(data);
  if (!record.ok) throw new Error(record.reason);
  const { header, payload } = record.value;
  return Buffer.from(header.encoding === 'gzip' ? gunzipSync(payload) : payload)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

/** What nobody can do without: every line of the same records parsed, and nothing made of it. */
function bareParse(batches: readonly Batch[]): void {
  const texts = batches.map(({ records }) => records.map(({ data }) => linesOf(data)));
  const millis: number[] = [];
  let before = process.cpuUsage();
  for (const records of texts) {
    if (millis.length === warmUp) before = process.cpuUsage();
    const startedAt = performance.now();
    for (const lines of records) for (const line of lines) JSON.parse(line);
    millis.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(before);
  print('baseline: JSON.parse of the same events', batches.slice(warmUp), {
    millis: millis.slice(warmUp),
    cpuMicros: user + system,
  });
}

await benchStages();
if (process.argv.includes('--steps')) process.exit();

const plain = flightBatches(warmUp + measured, false);
const shadowed = flightBatches(warmUp + measured, true);
bareParse(plain);
await run('in memory', createMemoryJoinBuffer(), plain);
await run('in memory, one version in shadow', createMemoryJoinBuffer(), shadowed);

const engine = await startDynoxide();
for (const [name, batches] of [
  ['Plain', plain],
  ['Shadowed', shadowed],
] as const) {
  await engine.createTable({ ...groundTruthTable, TableName: name });
  await run(`dynoxide, ${name}`, createDynamoJoinBuffer({ client: engine.client, tableName: name }), batches);
}
await engine.stop();
