import { createMemoryModelDirectory } from '../../shared/adapters/memory/memory-model-directory.ts';
import type { BucketState, JoinEvent } from '../../shared/domain/ground-truth/bucket-state.ts';
import { initialCursor, isApplied } from '../../shared/domain/ground-truth/cursor.ts';
import { join } from '../../shared/domain/ground-truth/join.ts';
import { needsOf } from '../../shared/domain/ground-truth/join-needs.ts';
import { emptyProfile } from '../../shared/domain/ground-truth/profile.ts';
import { segmentOf } from '../../shared/domain/ground-truth/segment-log.ts';
import { readColumns } from '../../shared/domain/ground-truth/wire-columns.ts';
import { readEvents, unpack, verify } from '../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../shared/domain/ground-truth/writer-key.ts';
import { bucketWrites } from '../../shared/use-cases/ground-truth/bucket-writes.ts';
import { openRecord, type StreamRecord } from '../../shared/use-cases/ground-truth/open-record.ts';
import { trustedWriters } from '../unit/ground-truth/fixtures/trusted-writers.ts';
import { rootSecret } from './flight-batches.ts';
import { benchFormats, type IngestBatch, ingestBatches, wideModel } from './ingest-batches.ts';

/** Predictions of a batch, and how many such batches there are: about as many events of each size. */
const sizes = [
  { perBatch: 295, batches: 84 },
  { perBatch: 1_000, batches: 24 },
  { perBatch: 2_900, batches: 9 },
] as const;
const rounds = 8;
const model = wideModel();
const opening = {
  directory: createMemoryModelDirectory([model]),
  rootSecret: { read: async () => rootSecret },
  ...trustedWriters,
};

/** Microseconds of processor time an event, the least of some rounds: what a busy machine adds is only ever more. */
class Stopwatch {
  readonly #rounds = new Map<string, Map<string | number, number>>();
  async measure<T>(stage: string, round: string | number, work: () => T | Promise<T>): Promise<T> {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    const totals = this.#rounds.get(stage) ?? new Map<string | number, number>();
    totals.set(round, (totals.get(round) ?? 0) + user + system);
    this.#rounds.set(stage, totals);
    return result;
  }
  least(stage: string, events: number): number {
    // The first round compiles.
    return Math.min(...[...(this.#rounds.get(stage)?.values() ?? [])].slice(1)) / events;
  }
}

/** Of 20-feature records: what each step of ingestion takes, beside bare `JSON.parse` of the same records as lines. */
export async function benchStages(): Promise<void> {
  const sized = sizes.map(({ perBatch, batches }) => ({
    batches: ingestBatches(batches, perBatch),
    watch: new Stopwatch(),
  }));
  // Lines apart: a function mostly reads columns, and the engine makes ready for what it meets.
  for (const formats of [benchFormats.slice(0, 2), benchFormats.slice(2)])
    for (let round = 0; round < rounds; round += 1)
      for (const { batches, watch } of sized) {
        await watch.measure('parse', `${formats[0]} ${round}`, () => {
          for (const { lines } of batches) for (const line of lines) JSON.parse(line);
        });
        for (const format of formats) await measureFormat(batches, format, watch, round);
      }
  console.log(`events of 20 features, batches of one bucket; microseconds of processor time an event,`);
  console.log(`the least of ${rounds - 1} rounds:`);
  for (const { batches, watch } of sized) print(batches, watch);
}

function print(batches: readonly IngestBatch[], watch: Stopwatch): void {
  const events = batches.reduce((sum, batch) => sum + batch.events, 0);
  const parse = watch.least('parse', events);
  const size = Math.round(events / batches.length).toLocaleString('en');
  console.log(`  ${batches.length} batches of about ${size} events`);
  console.log(`    baseline: JSON.parse of the same records as lines: ${parse.toFixed(2)}`);
  for (const format of benchFormats) {
    const stages = ['unpack', 'open', 'join', 'encode'] as const;
    const [unpacking, opening, joining, encoding] = stages.map((stage) =>
      watch.least(`${format} ${stage}`, events),
    ) as Four;
    const total = opening + joining;
    console.log(
      `    ${format}: unpack ${unpacking.toFixed(2)}, validate ${(opening - unpacking).toFixed(2)}, ` +
        `join and aggregate ${joining.toFixed(2)}; in all ${total.toFixed(2)}, ${(total / parse).toFixed(2)} of the ` +
        `baseline, ${Math.round(1e6 / total).toLocaleString('en')} events/s; ` +
        `apart, encoding what is written: ${encoding.toFixed(2)}`,
    );
  }
}

type Four = [number, number, number, number];
type BenchFormat = (typeof benchFormats)[number];

async function measureFormat(batches: readonly IngestBatch[], format: BenchFormat, watch: Stopwatch, round: number) {
  const key = writerKey(rootSecret, 'flights/gate');
  let state: BucketState = { cursor: initialCursor, segments: new Map(), profiles: new Map(), sums: new Map() };
  for (const { byFormat, events: expected } of batches) {
    const records = byFormat[format];
    await watch.measure(`${format} unpack`, round, () => {
      for (const record of records) read(record, key);
    });
    const events = await watch.measure(`${format} open`, round, async () => {
      const opened: JoinEvent[] = [];
      for (const record of records) opened.push(...(await openRecord(opening, record)).events);
      return opened;
    });
    if (events.length !== expected) throw new Error(`${events.length} events of ${expected} were good`);
    const { changes, next } = await watch.measure(`${format} join`, round, () => {
      const left = events.filter(({ position }) => !isApplied(state.cursor, position));
      const joined = join(loaded(state, left), left, model);
      return { changes: joined.changes, next: joined.state };
    });
    await watch.measure(`${format} encode`, round, () => bucketWrites(changes, next.cursor, model));
    state = next;
  }
  const { attributed, predictions } = state.cursor.counters;
  const sent = batches.reduce((sum, batch) => sum + batch.predictions, 0);
  if (predictions !== sent || attributed < 0.6 * predictions) throw new Error('events were not joined');
}

function read({ data }: StreamRecord, key: string): unknown {
  const record = unpack(data);
  if (!record.ok || !verify(record.value, key)) throw new Error('a record cannot be read');
  const result = record.value.header.format === 'runway/2' ? readColumns(record.value) : readEvents(record.value);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

/** What a warm function holds: nothing has to be read. */
function loaded(state: BucketState, events: readonly JoinEvent[]): BucketState {
  const needs = needsOf(events, state.cursor, model);
  const segments = new Map(state.segments);
  for (const key of needs.segments) if (!segments.has(key)) segments.set(key, segmentOf([]));
  const profiles = new Map(state.profiles);
  for (const key of needs.profiles) if (!profiles.has(key)) profiles.set(key, emptyProfile);
  return { ...state, segments, profiles };
}
