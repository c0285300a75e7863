import { loadavg } from 'node:os';
import type { S3Client } from '@aws-sdk/client-s3';
import { createMemoryModelDirectory } from '../../shared/adapters/memory/memory-model-directory.ts';
import { createS3RawArchive } from '../../shared/adapters/s3/s3-raw-archive.ts';
import { archiveRecords } from '../../shared/use-cases/ground-truth/archive-records.ts';
import { openRecord } from '../../shared/use-cases/ground-truth/open-record.ts';
import { trustedWriters } from '../unit/ground-truth/fixtures/trusted-writers.ts';
import { rootSecret } from './flight-batches.ts';
import { type IngestBatch, ingestBatches, wideModel } from './ingest-batches.ts';

// How fast events of 20 features become Parquet: `npm run bench:archive`. Prints, asserts nothing; see docs/benchmarks.md.

const sizes = [
  { perBatch: 300, batches: 24 },
  { perBatch: 3_000, batches: 6 },
  { perBatch: 20_000, batches: 2 },
] as const;
const rounds = 12;
const opening = {
  directory: createMemoryModelDirectory([wideModel()]),
  rootSecret: { read: async () => rootSecret },
  ...trustedWriters,
};
let written = 0;
const client: Pick<S3Client, 'send'> = {
  send: async ({ input }: { readonly input: { readonly Body?: Uint8Array } }) => {
    written += input.Body?.length ?? 0;
  },
};
const archive = createS3RawArchive({ client, bucketName: 'ground-truth' });

const steps: Readonly<Record<string, (batch: IngestBatch) => Promise<void> | void>> = {
  parse: ({ lines }) => {
    for (const line of lines) JSON.parse(line);
  },
  open: async ({ byFormat }) => {
    for (const record of byFormat['runway/2, zstd']) await openRecord(opening, record);
  },
  archive: async ({ byFormat }) => {
    const { failed } = await archiveRecords({ opening, archive }, byFormat['runway/2, zstd']);
    if (failed.length > 0) throw failed[0]?.error;
  },
};

/** Microseconds of processor time of all batches, the least of some rounds: what a busy machine adds is only ever more. */
async function least(batches: readonly IngestBatch[], step: (batch: IngestBatch) => Promise<void> | void) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    written = 0;
    for (const batch of batches) await step(batch);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}

console.log(`events of 20 features; microseconds of processor time an event, the least of ${rounds} rounds`);
for (const { perBatch, batches: count } of sizes) {
  const batches = ingestBatches(count, perBatch);
  const events = batches.reduce((sum, batch) => sum + batch.events, 0);
  const cost: Record<string, string> = {};
  for (const [name, step] of Object.entries(steps)) cost[name] = ((await least(batches, step)) / events).toFixed(2);
  console.log(
    `  ${count} batches of about ${Math.round(events / count)} events: open ${cost.open}, open and archive ${cost.archive}, ` +
      `${(written / events).toFixed(0)} bytes an event; baseline, JSON.parse of the same records as lines: ${cost.parse}`,
  );
}
console.log(`load average ${loadavg()[0]?.toFixed(0)}`);
