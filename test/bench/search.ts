import { loadavg } from 'node:os';
import { zstdDecompressSync } from 'node:zlib';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { readSnapshot, snapshotFiles } from '../../shared/adapters/search/snapshot-files.ts';
import { createSearchCorpus } from '../../shared/domain/graph/search/search-corpus.ts';
import type { SearchIndex } from '../../shared/ports/search-index.ts';
import { documentsOf, madeUpCorpus } from '../support/made-up-entities.ts';
import { askByName } from '../support/search-quality.ts';

// Search over 100,000 entities in one process, as its function holds them: `npm run bench:search`, or with another number
// `npm run bench:search -- 10000`. Prints, asserts nothing. Processor time of this process, for clocks say little on a busy
// machine; garbage collection is part of it.

const count = Number(process.argv[2] ?? 100_000);
const questions = 300;

function timed<T>(what: string, run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  console.log(`${what}: ${((user + system) / 1e6).toFixed(1)} s`);
  return result;
}

function quantiles(what: string, milliseconds: readonly number[]): void {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
}

async function ask(index: SearchIndex, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const times: number[] = [];
    let total = 0;
    for (let i = 0; i < 5; i += 1) {
      const before = process.cpuUsage();
      total = (await index.search({ text, limit: 20 })).total;
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1_000);
    }
    quantiles(`${JSON.stringify(text.slice(0, 40))}, ${total} found`, times);
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

const snapshot = build();
const { index } = load(snapshot);
// Names alone: the function has no documents in its heap either, which would make its garbage collection slow.
const documents = documentsOf(createSearchCorpus(read(snapshot).streams)).map(({ name }) => ({ name }));
globalThis.gc?.();
const exact = await askByName(index, documents, { count: questions, first: 1, seed: 1, as: 'written' });
quantiles(`exact names, first in ${(exact.foundRatio * 100).toFixed(1)} %`, exact.milliseconds);
const typed = await askByName(index, documents, { count: questions, first: 3, seed: 2, as: 'mistyped' });
quantiles(`one typing error in each word, among three in ${(typed.foundRatio * 100).toFixed(1)} %`, typed.milliseconds);
await ask(index, [
  '',
  'm',
  'me',
  'fraud',
  'team',
  'watch history',
  'personalization',
  'zzzzzzzzzzz',
  'ab cd ef gh ij kl mn op',
  'a'.repeat(10_000),
]);
console.log(`load average ${loadavg()[0]?.toFixed(0)}`);

function build() {
  const corpus = madeUpCorpus(count);
  const made = timed(`${count} entities: documents`, () => documentsOf(corpus));
  const built = timed('index', () => createMemorySearchIndex(made));
  const rest = { change: 1, repairs: 0, writtenAt: '2001-01-22T00:00:00.000Z', documents: made.length };
  const files = timed('snapshot', () => snapshotFiles({ ...rest, streams: corpus.streams(), index: built.saved() }));
  for (const { key, body } of files.files) {
    const held = zstdDecompressSync(body).length;
    console.log(`  ${key.split('/').at(-1)}: ${megabytes(body.length)} MB, ${megabytes(held)} MB when loaded`);
  }
  return files;
}

function read({ files, manifest }: ReturnType<typeof build>) {
  const [streams, ofIndex] = files.map(({ body }) => body);
  const read = readSnapshot(manifest, { streams: streams ?? Buffer.of(), index: ofIndex ?? Buffer.of() });
  if (read === undefined) throw new Error('expected a snapshot that can be read');
  return read;
}

function load(written: ReturnType<typeof build>) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const loaded = timed('load: all of what a function does when it starts', () => {
    const { streams, index: saved } = read(written);
    return { corpus: createSearchCorpus(streams), index: createMemorySearchIndex(saved) };
  });
  globalThis.gc?.();
  console.log(`  heap: ${((process.memoryUsage().heapUsed - before) / 1e6).toFixed(0)} MB more`);
  return loaded;
}
