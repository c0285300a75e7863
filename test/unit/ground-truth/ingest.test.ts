import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEventStream } from '../../../shared/adapters/memory/memory-event-stream.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { bucketOf } from '../../../shared/domain/ground-truth/wire-format.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { ingestOutcomes } from '../../../shared/use-cases/ground-truth/ingest-outcomes.ts';
import { ingestPredictions } from '../../../shared/use-cases/ground-truth/ingest-predictions.ts';
import { joinRecords } from '../../../shared/use-cases/ground-truth/join-records.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, outcome, prediction, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const models = [
  servedModel(),
  servedModel({ modelId: 'wide', buckets: 8 }),
  servedModel({ modelId: 'occupancy', team: 'hotels' }),
];

function world() {
  const stream = createMemoryEventStream();
  const buffer = createMemoryJoinBuffer();
  const ports = {
    directory: createMemoryModelDirectory(models),
    rootSecret: { read: async () => 'root secret' },
    ...trustedWriters,
    stream,
    buffer,
  };
  const submission = (items: readonly unknown[], now = at(180)) => ({
    items,
    now,
    writer: 'runway/api.ada',
    mayWrite: (team: string) => team === 'flights',
  });
  let read = 0;
  return {
    stream,
    predictions: (items: readonly unknown[]) => ingestPredictions(ports, submission(items)),
    outcomes: (items: readonly unknown[], now?: string) => ingestOutcomes(ports, submission(items, now)),
    /** What the stream's consumer does with everything new. */
    join: async () => {
      const records = stream.records.slice(read).map((record, i) => ({
        ...record,
        id: String(read + i),
        shardId: 'shard-1',
        now: at(180),
      }));
      read = stream.records.length;
      const opened = await Promise.all(
        records.map(async (record) => ({ record, opened: await openRecord(ports, record) })),
      );
      const refuse = () => Promise.reject(new Error('nothing may be put aside'));
      const failures = { put: refuse, putConflicts: refuse };
      return joinRecords({ buffer, cache: createBucketCache(), failures }, opened);
    },
  };
}

let runway = world();
beforeEach(() => {
  runway = world();
});

describe('posted predictions', () => {
  it('go to the stream, packed by bucket, as the consumer expects them', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const items = ids.map((id) => prediction(id, { modelId: 'wide' }));
    expect(await runway.predictions(items)).toEqual({ accepted: 40, rejected: [] });
    const keys = runway.stream.records.map(({ partitionKey }) => partitionKey);
    expect(new Set(keys)).toEqual(new Set(ids.map((id) => `wide:${bucketOf(id, 8)}`)));
    expect(keys).toHaveLength(new Set(keys).size);
    expect(await runway.join()).toEqual([]);
  });

  it('are taken one by one, the bad ones listed with index, field and reason', async () => {
    const { accepted, rejected } = await runway.predictions([
      prediction('p1'),
      prediction('p2', { score: 1.5, modelVersion: 7 }),
      { ...prediction('p3'), modelId: 'early' },
      prediction('p4', { modelId: 'occupancy' }),
      'text',
      prediction('p5', { features: { distance: 1, origin: 'x'.repeat(90_000) } }),
      prediction('p6'),
    ]);
    expect(accepted).toBe(2);
    expect(rejected.map(({ index, field, code }) => [index, field, code])).toEqual([
      [1, '/predictions/1/modelVersion', 'unknown-model-version'],
      [1, '/predictions/1/score', 'score-out-of-range'],
      [2, '/predictions/2/modelId', 'unknown-model'],
      [3, '/predictions/3/modelId', 'not-authorized'],
      [4, '/predictions/4/modelId', 'missing'],
      [5, '/predictions/5', 'too-large'],
    ]);
    expect(rejected.every(({ reason }) => reason.length > 5)).toBe(true);
  });

  it('are refused together when none is good', async () => {
    await expect(runway.predictions([prediction('p1', { score: -1 }), {}])).rejects.toMatchObject({
      name: 'InvalidRequest',
      code: 'all-rejected',
      problems: [
        { index: 0, field: '/predictions/0/score', code: 'score-out-of-range' },
        { index: 1, field: '/predictions/1/modelId', code: 'missing' },
      ],
    });
    expect(runway.stream.records).toEqual([]);
  });

  it("of other teams' models only are not permitted", async () => {
    await expect(runway.predictions([prediction('p1', { modelId: 'occupancy' })])).rejects.toMatchObject({
      name: 'NotAuthorized',
    });
  });
});

describe('posted outcomes', () => {
  const codes = ({ rejected }: Awaited<ReturnType<typeof runway.outcomes>>) =>
    rejected.map(({ index, field, code }) => [index, field, code]);

  it('are told when they repeat or contradict each other', async () => {
    const answer = await runway.outcomes([
      outcome('p1'),
      outcome('p1'),
      outcome('p1', { label: 0 }),
      outcome('p1', { label: 0, observedAt: at(110) }),
      outcome('p1', { label: 0, observedAt: at(130) }),
      outcome('p1', { observedAt: at(140), modelId: 'wide' }),
    ]);
    expect(answer.accepted).toBe(3);
    expect(codes(answer)).toEqual([
      [1, '/outcomes/1/predictionId', 'duplicate-outcome'],
      [2, '/outcomes/2/label', 'conflicting-outcome'],
      [3, '/outcomes/3/label', 'conflicting-outcome'],
    ]);
  });

  it.each([
    ['says when its prediction was made', {}],
    ['does not say when its prediction was made', { predictedAt: undefined }],
  ])('are told when the join knows already, if one %s', async (_case, change) => {
    await runway.predictions([prediction('p1'), prediction('p2')]);
    await runway.outcomes([outcome('p1', { businessValue: 7 })]);
    await runway.join();
    const answer = await runway.outcomes([
      { ...outcome('p1', { businessValue: 7 }), ...change },
      { ...outcome('p1', { businessValue: 9 }), ...change },
      { ...outcome('p1', { label: 0, observedAt: at(130) }), ...change },
      { ...outcome('p2'), ...change },
    ]);
    expect(answer.accepted).toBe(2);
    expect(codes(answer)).toEqual([
      [0, '/outcomes/0/predictionId', 'duplicate-outcome'],
      [1, '/outcomes/1/label', 'conflicting-outcome'],
    ]);
  });

  it('are told when one waits that says the same', async () => {
    await runway.outcomes([outcome('p9')]);
    await runway.join();
    await expect(runway.outcomes([outcome('p9')])).rejects.toMatchObject({
      problems: [{ index: 0, code: 'duplicate-outcome' }],
    });
  });

  it('are told when they come too late', async () => {
    const answer = await runway.outcomes([outcome('p1', { observedAt: at(601) }), outcome('p2')], at(700));
    expect(codes(answer)).toEqual([[0, '/outcomes/0/observedAt', 'outside-attribution-window']]);
  });

  it('list what is wrong in the order of the batch', async () => {
    const answer = await runway.outcomes([outcome('p1'), outcome('p1'), outcome('p2', { label: 5 }), outcome('p1')]);
    expect(codes(answer).map(([index]) => index)).toEqual([1, 2, 3]);
  });
});
