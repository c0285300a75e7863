import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchHourKey, batchPointerKey } from '../../shared/adapters/dynamodb/batch-keys.ts';
import {
  createDynamoGroundTruthMetrics,
  createRememberedGroundTruthMetrics,
} from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { encodePerformance, encodeProfile } from '../../shared/domain/ground-truth/aggregate-codec.ts';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import { noChanges, withChanges } from '../../shared/domain/ground-truth/day-changes.ts';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import type { GroundTruthMetrics } from '../../shared/ports/ground-truth-metrics.ts';
import type { JoinBuffer } from '../../shared/ports/join-buffer.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { groundTruthTable } from './join-buffer.table.ts';

let engine: Dynoxide;
let buffer: JoinBuffer;
let plain: GroundTruthMetrics;
let remembered: GroundTruthMetrics;
let queries = 0;

beforeAll(async () => {
  engine = await startDynoxide();
  await engine.createTable({ ...groundTruthTable, TableName: 'GroundTruth' });
  const table = { client: engine.client, tableName: 'GroundTruth' };
  engine.client.middlewareStack.add(
    (next, context) => (args) => {
      // Which days the batch has joined is asked each time: one small query, whatever the window.
      const asksForRuns = JSON.stringify(args.input).includes('"batch-days"');
      if (context.commandName === 'QueryCommand' && !asksForRuns) queries += 1;
      return next(args);
    },
    { step: 'initialize', name: 'countQueries' },
  );
  buffer = createDynamoJoinBuffer(table);
  plain = createDynamoGroundTruthMetrics(table);
  remembered = createRememberedGroundTruthMetrics(table, 1_000_000);
});
afterAll(() => engine.stop());

const now = Date.parse('2001-01-25T12:00:00.000Z');

/** What the join commits for an hour of `rows` predictions, all of them resolved. */
async function commit(modelId: string, bucket: number, hour: string, rows: number, arrivedAt = now): Promise<void> {
  const held = await buffer.cursor({ modelId, bucket });
  const revision = held.revision + 1;
  const committed = { revision, hours: [hour], now: arrivedAt, attributionWindowMinutes: 60 };
  const changes = withChanges(held.changes ?? noChanges, committed);
  const scored = Array.from({ length: rows }, (_, i) => ({ score: (i + 0.3) / rows, label: i % 3 === 0 ? 1 : 0 }));
  const points = [{ index: 3, predictions: rows + 1, performance: performanceOf('binary', scored) }];
  const profile = {
    n: rows,
    features: { distance: { bins: { 2: rows }, missing: 0, unseen: 0 } },
    scores: { 1: rows },
  };
  await buffer.commit(
    { modelId, bucket },
    {
      cursor: { ...held, revision, changes },
      parts: [],
      aggregates: [
        { kind: 'profile', hour, versions: '1', data: encodeProfile(profile) },
        { kind: 'performance', hour, versions: '1', data: encodePerformance(points) },
      ],
    },
  );
}

const windowOf = (modelId: string, buckets = 1) => ({
  modelId,
  buckets,
  version: 1,
  from: '2001-01-22T06:00:00.000Z',
  to: '2001-01-25T13:00:00.000Z',
});

async function both(modelId: string, buckets = 1) {
  const window = windowOf(modelId, buckets);
  const read = async (metrics: GroundTruthMetrics) => ({
    profile: await metrics.profile(window),
    hours: await metrics.hourlyPerformance(window),
  });
  const before = queries;
  const told = await read(remembered);
  const asked = queries - before;
  expect(told).toEqual(await read(plain));
  expect(await remembered.profileBlocks(window)).toEqual(await plain.profileBlocks(window));
  return { ...told, asked };
}

describe('remembered ground truth', () => {
  it('says what the aggregates say, over buckets and parts of days', async () => {
    for (const hour of ['2001-01-22T05', '2001-01-22T06', '2001-01-24T00', '2001-01-25T12'])
      for (const bucket of [0, 1]) await commit('whole', bucket, hour, 7 + bucket);
    const { profile, hours } = await both('whole', 2);
    expect(profile.n).toBe(45);
    expect(hours.map(({ predictions }) => predictions)).toEqual([17, 17, 17]);
  });

  it('asks for nothing twice while nothing changes', async () => {
    await commit('calm', 0, '2001-01-23T10', 5);
    await commit('calm', 0, '2001-01-24T10', 5);
    expect((await both('calm')).asked).toBe(4);
    expect((await both('calm')).asked).toBe(0);
  });

  it('of stretches of 24 hours asks for nothing twice, and once for a day with a late outcome that two are part of', async () => {
    await commit('blocks', 0, '2001-01-23T10', 5);
    await commit('blocks', 0, '2001-01-24T10', 5);
    await both('blocks');
    const asked = async () => {
      const before = queries;
      const found = await remembered.profileBlocks(windowOf('blocks'));
      return { asked: queries - before, n: found.map(({ profile }) => profile.n) };
    };
    expect(await asked()).toEqual({ asked: 0, n: [0, 5, 5, 0] });
    await commit('blocks', 0, '2001-01-23T10', 6);
    expect(await asked()).toEqual({ asked: 1, n: [0, 6, 5, 0] });
  });

  it('asks again for a day that a late outcome changed, and only for it', async () => {
    await commit('late', 0, '2001-01-23T10', 5);
    await commit('late', 0, '2001-01-24T10', 5);
    await both('late');
    await commit('late', 0, '2001-01-23T10', 6);
    const { profile, asked } = await both('late');
    expect(profile.n).toBe(11);
    expect(asked).toBe(2);
  });

  it('sees what came to a day that had nothing, also when it is sealed by now', async () => {
    await commit('empty', 0, '2001-01-24T10', 5);
    await both('empty');
    await commit('empty', 0, '2001-01-22T10', 5);
    await commit('empty', 0, '2001-01-25T10', 5, now + 40 * 86_400_000);
    expect((await both('empty')).profile.n).toBe(15);
    expect((await both('empty')).asked).toBe(0);
  });

  it('says of single hours what their aggregates say, also after they changed', async () => {
    for (const bucket of [0, 1]) await commit('hours', bucket, '2001-01-24T10', 7 + bucket);
    const query = {
      modelId: 'hours',
      version: 1,
      buckets: 2,
      hours: ['2001-01-24T10', '2001-01-24T11', '2001-01-22T10'],
    };
    const rows = async () => {
      const told = await remembered.profilesOfHours(query);
      expect(told).toEqual(await plain.profilesOfHours(query));
      return [...told].map(([hour, { n }]) => [hour, n]);
    };
    expect(await rows()).toEqual([['2001-01-24T10', 15]]);
    expect(await rows()).toEqual([['2001-01-24T10', 15]]);
    await commit('hours', 1, '2001-01-24T11', 3);
    expect(await rows()).toEqual([
      ['2001-01-24T10', 15],
      ['2001-01-24T11', 3],
    ]);
  });

  it('keeps segments and outcome types apart from the whole', async () => {
    await commit('parts', 0, '2001-01-24T10', 5);
    const window = windowOf('parts');
    const n = async (part: { readonly segment?: string; readonly outcomeType?: string }) =>
      (await remembered.hourlyPerformance({ ...window, ...part })).length;
    expect([await n({}), await n({ segment: 'home' }), await n({ outcomeType: 'click' }), await n({})]).toEqual([
      1, 0, 0, 1,
    ]);
  });

  it('reads buckets whole that do not say what changed', async () => {
    const { changes: _, ...cursor } = initialCursor;
    await buffer.commit(
      { modelId: 'old', bucket: 0 },
      { cursor: { ...cursor, revision: 1 }, parts: [], aggregates: [] },
    );
    expect((await both('old')).asked).toBe(8);
    expect((await both('old')).asked).toBe(8);
  });

  // Last: a day is joined for all models.
  it('says what the standing run of the batch join says, also after the day was joined again', async () => {
    await commit('joined', 0, '2001-01-23T10', 5);
    const put = (item: Record<string, unknown>) =>
      engine.client.send(new PutCommand({ TableName: 'GroundTruth', Item: item }));
    const join = async (runId: string, predictions: number) => {
      const performance = performanceOf('binary', [{ score: 0.7, label: 1 }]);
      const data = encodePerformance([3, 7].map((index) => ({ index, predictions, performance })));
      await put({ ...batchHourKey({ modelId: 'joined', versions: '1', runId }, '2001-01-23T10'), data });
      await put({ ...batchPointerKey('2001-01-23'), runId });
      const { hours } = await both('joined');
      return hours.map((hour) => [hour.layer, hour.predictions, hour.performance?.n]);
    };
    expect(await join('run-1', 4)).toEqual([['batch', 8, 2]]);
    expect(await join('run-2', 5)).toEqual([['batch', 10, 2]]);
    expect((await both('joined')).hours).toEqual((await both('joined')).hours);
  });
});
