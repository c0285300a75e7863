import { describe, expect, it } from 'vitest';
import { createMemoryFailureStore } from '../../../shared/adapters/memory/memory-failure-store.ts';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { type PackOptions, pack, type WireEvent } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import type { JoinBuffer } from '../../../shared/ports/join-buffer.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinRecords } from '../../../shared/use-cases/ground-truth/join-records.ts';
import { openRecord, type StreamRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { putPoison } from '../../../shared/use-cases/ground-truth/put-aside.ts';
import { at, observed, outcome, predicted, prediction, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const opening = {
  directory: createMemoryModelDirectory([servedModel(), servedModel({ modelId: 'late-basic' })]),
  rootSecret: { read: async () => 'root secret' },
  ...trustedWriters,
};

function record(events: readonly WireEvent[], change: Partial<PackOptions> = {}, id = '7'): StreamRecord {
  const writer = change.writer ?? 'flights/gate';
  const options = { writer, key: writerKey('root secret', writer), modelId: 'late-live', bucket: 0, ...change };
  const [data] = pack(events, options);
  return { id, shardId: 'shard-1', partitionKey: `${options.modelId}:${options.bucket}`, now: at(180), data: data! };
}

const good = record([predicted('p1'), observed('p1')]);

async function causeOf(poison: StreamRecord): Promise<string> {
  try {
    await openRecord(opening, poison);
    return 'none';
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return `${error.name} ${error.code}`;
  }
}

describe('a record', () => {
  it('gives its events with their positions', async () => {
    const opened = await openRecord(opening, good);
    expect(opened.rejected).toEqual([]);
    expect(opened.events.map(({ event, position }) => [event.kind, position.sequenceNumber, position.index])).toEqual([
      ['prediction', '7', 0],
      ['outcome', '7', 1],
    ]);
  });

  it('of the API may hold events of any team', async () => {
    expect(await causeOf(record([predicted('p1')], { writer: 'runway/api' }))).toBe('none');
  });

  it.each([
    ['without header', { ...good, data: Buffer.from('noise') }, 'MalformedRecord header-missing'],
    [
      'signed by somebody else',
      record([predicted('p1')], { key: 'ab'.repeat(32) }),
      'InvalidSignature wrong-signature',
    ],
    ['of an unknown model', record([predicted('p1')], { modelId: 'early' }), 'NotFound unknown-model'],
    ["of another team's writer", record([predicted('p1')], { writer: 'hotels/desk' }), 'NotAuthorized wrong-team'],
    ['of a bucket that does not exist', record([predicted('p1')], { bucket: 5 }), 'MalformedRecord unknown-bucket'],
    ['under a foreign key', { ...good, partitionKey: 'late-live:1' }, 'MalformedRecord wrong-partition-key'],
  ])('%s is poison', async (_case, poison, cause) => {
    expect(await causeOf(poison)).toBe(cause);
  });

  it('keeps its good lines when others do not fit', async () => {
    const mixed = record([
      predicted('p1', { score: 2 }),
      { kind: 'prediction', record: { ...prediction('p2'), modelVersion: 9 } },
      { kind: 'outcome', record: outcome('p1') },
      { kind: 'guess', record: {} } as unknown as WireEvent,
    ]);
    const { events, rejected } = await openRecord(opening, mixed);
    expect(events.map(({ position }) => position.index)).toEqual([2]);
    expect(rejected.map(({ index, problems }) => [index, problems[0]?.code])).toEqual([
      [0, 'score-out-of-range'],
      [1, 'unknown-model-version'],
      [3, 'unknown-kind'],
    ]);
  });
});

describe('a batch of records', () => {
  function world(change: Partial<JoinBuffer> = {}) {
    const memory = createMemoryJoinBuffer();
    const failures = createMemoryFailureStore();
    const dependencies = { buffer: { ...memory, ...change }, cache: createBucketCache(), failures };
    const handle = async (records: readonly StreamRecord[]) => {
      const opened = await Promise.all(
        records.map(async (one) => ({ record: one, opened: await openRecord(opening, one) })),
      );
      return joinRecords(dependencies, opened);
    };
    return { handle, failures, metrics: createMemoryGroundTruthMetrics(memory) };
  }
  const window = { version: 1, from: '2001-01-22T00:00:00.000Z', to: '2001-01-23T00:00:00.000Z' };
  const ofBasic = (events: readonly ReturnType<typeof predicted>[], id: string) =>
    record(
      events.map(({ kind, record: one }) => ({ kind, record: { ...one, modelId: 'late-basic' } })),
      { modelId: 'late-basic' },
      id,
    );

  it('of several models and records is joined', async () => {
    const { handle, metrics } = world();
    const records = [good, ofBasic([predicted('p1'), predicted('p2')], '8'), ofBasic([observed('p2')], '9')];
    expect(await handle(records)).toEqual([]);
    expect(await metrics.hourlyPerformance({ ...window, modelId: 'late-live' })).toMatchObject([
      { predictions: 1, performance: { n: 1 } },
    ]);
    expect(await metrics.hourlyPerformance({ ...window, modelId: 'late-basic' })).toMatchObject([
      { predictions: 2, performance: { n: 1 } },
    ]);
  });

  it('puts unusable lines aside with their cause and goes on', async () => {
    const { handle, failures, metrics } = world();
    expect(await handle([record([predicted('p1', { score: 2 }), predicted('p2')])])).toEqual([]);
    const [[key, text] = []] = failures.documents;
    expect(key).toBe('poison/ground-truth-join-events/2001-01-22/7.json');
    const document = JSON.parse(text ?? '');
    expect(document).toMatchObject({
      failedAt: at(180),
      cause: { code: 'invalid-lines', reason: '1 of its lines do not fit the model' },
      lines: [{ index: 0, problems: [{ field: '/score', code: 'score-out-of-range' }] }],
      partitionKey: 'late-live:0',
    });
    expect(Buffer.from(document.data, 'base64').toString()).toContain('"format":"runway/1"');
    expect(await metrics.hourlyPerformance({ ...window, modelId: 'late-live' })).toMatchObject([{ predictions: 1 }]);
  });

  it('names only the records of the bucket that failed', async () => {
    const memory = createMemoryJoinBuffer();
    const { handle } = world({
      commit: async (bucket, writes) => {
        if (bucket.modelId === 'late-basic') throw new Error('throttled');
        await memory.commit(bucket, writes);
      },
    });
    const failed = await handle([good, ofBasic([predicted('p1')], '8'), ofBasic([observed('p1')], '9')]);
    expect(failed.map(({ id }) => id)).toEqual(['8', '9']);
  });

  it('keeps poison whole, with its cause', async () => {
    const failures = createMemoryFailureStore();
    const error = await openRecord(opening, { ...good, partitionKey: 'x' }).catch((cause: unknown) => cause);
    if (!isRunwayError(error)) throw error;
    await putPoison(failures, { ...good, partitionKey: 'x' }, error);
    const document = JSON.parse([...failures.documents.values()][0] ?? '');
    expect(document).toMatchObject({ id: '7', partitionKey: 'x', cause: { code: 'wrong-partition-key' } });
    expect(Buffer.from(document.data, 'base64')).toEqual(Buffer.from(good.data));
  });
});
