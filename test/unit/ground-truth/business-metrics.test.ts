import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryEventStream } from '../../../shared/adapters/memory/memory-event-stream.ts';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import type { BusinessMetricRecord, PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { bucketOf, pack, partitionKeyOf } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import type { JoinBuffer } from '../../../shared/ports/join-buffer.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { ingestOutcomes } from '../../../shared/use-cases/ground-truth/ingest-outcomes.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { joinRecords } from '../../../shared/use-cases/ground-truth/join-records.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { restateBucket } from '../../../shared/use-cases/ground-truth/restate-bucket.ts';
import { at, joinEvent, morning, observed, predicted, servedModel } from './fixtures/models.ts';
import { registered, trustedWriters } from './fixtures/trusted-writers.ts';

const bucket = { modelId: 'late-live', bucket: 0 };
const metric = 'minutesSaved';
const rolloutId = 'late-live#4';
const model = servedModel({ businessMetric: metric });
const window = { modelId: 'late-live', older: 1, newer: 2, from: morning, to: at(600) };

function value(unitId: string, change: Partial<BusinessMetricRecord> = {}): BusinessMetricRecord {
  const about = { modelId: 'late-live', modelVersion: 1, rolloutId, metric };
  return { unitId, ...about, value: 3, assignedAt: morning, observedAt: at(60), ...change };
}

const told = (...details: Parameters<typeof value>): PackedEvent => ({
  kind: 'business-metric',
  record: value(...details),
});

async function armsIn(buffer: ReturnType<typeof createMemoryJoinBuffer>) {
  const units = { rolloutId, metric };
  const hours = await createMemoryGroundTruthMetrics(buffer).hourlyPaired({ ...window, units });
  return hours.map(({ hour, paired }) => ({ hour, ...paired.arms }));
}

async function joined(events: readonly PackedEvent[], now = at(180)) {
  const buffer = createMemoryJoinBuffer();
  const delivered = events.map((event, i) => joinEvent(event, now, '1', i));
  await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model, events: delivered });
  return buffer;
}

const none = { n: 0, sum: 0, sumSquares: 0 };

describe('the business metric of units', () => {
  it('is summed by arm and hour of assignment, without any prediction', async () => {
    const buffer = await joined([
      told('ada', { value: 3 }),
      told('bob', { value: 5 }),
      told('eve', { modelVersion: 2, value: -2 }),
      told('mia', { modelVersion: 2, value: 4, assignedAt: at(70), observedAt: at(90) }),
      told('zoe', { rolloutId: 'another', value: 100 }),
    ]);
    expect(await armsIn(buffer)).toEqual([
      { hour: '2001-01-22T06', older: { n: 2, sum: 8, sumSquares: 34 }, newer: { n: 1, sum: -2, sumSquares: 4 } },
      { hour: '2001-01-22T07', older: none, newer: { n: 1, sum: 4, sumSquares: 16 } },
    ]);
  });

  it('is what was observed last of each unit', async () => {
    const buffer = await joined([
      told('ada', { value: 7, observedAt: at(100) }),
      told('ada', { value: 3, observedAt: at(50) }),
      told('ada', { value: 7, observedAt: at(100) }),
      told('bob', { value: 1, observedAt: at(50) }),
      told('bob', { value: 2, observedAt: at(51) }),
      told('bob', { value: 9, observedAt: at(51) }),
    ]);
    expect(await armsIn(buffer)).toMatchObject([{ older: { n: 2, sum: 9, sumSquares: 53 } }]);
    expect((await buffer.cursor(bucket)).counters).toMatchObject({
      attributed: 2,
      supersededOutcomes: 1,
      duplicateOutcomes: 1,
      correctedOutcomes: 1,
      conflictingOutcomes: 1,
    });
  });

  it('does not count when it is observed after the attribution window', async () => {
    const late = joinEvent(told('ada', { observedAt: at(601) }), at(610), '1');
    const buffer = createMemoryJoinBuffer();
    await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model, events: [late] });
    expect(await armsIn(buffer)).toEqual([]);
    expect((await buffer.cursor(bucket)).counters.lateOutcomes).toBe(1);
  });

  it('leaves predictions of the same id as they are', async () => {
    const buffer = await joined([told('ada'), predicted('ada'), observed('ada')]);
    const [hour] = await createMemoryGroundTruthMetrics(buffer).hourlyPerformance({ ...window, version: 1 });
    expect(hour).toMatchObject({ predictions: 1, performance: { n: 1 } });
    expect(await armsIn(buffer)).toMatchObject([{ older: { n: 1 } }]);
  });

  it('of a writer who is distrusted is taken out, and comes back with the trust', async () => {
    const buffer = createMemoryJoinBuffer();
    const said = [
      told('ada', { value: 3 }),
      told('ada', { value: 50, observedAt: at(70) }),
      told('eve', { value: 60 }),
    ];
    const writers = ['flights/gate', 'flights/saboteur', 'flights/saboteur'];
    const events = said.map((event, i) => ({ ...joinEvent(event, at(180), '1', i), writer: writers[i]! }));
    await joinBucket({ buffer, cache: createBucketCache() }, { bucket, model, events });
    const restate = (distrusted: { writer: string }[]) =>
      restateBucket(buffer, {
        bucket,
        model: { ...model, distrusted },
        hours: ['2001-01-22T06', '2001-01-22T07'],
        now: at(200),
      });
    expect(await armsIn(buffer)).toMatchObject([{ older: { n: 2, sum: 110 } }]);
    expect(await restate([{ writer: 'flights/saboteur' }])).toEqual(['2001-01-22T06']);
    expect(await armsIn(buffer)).toMatchObject([{ older: { n: 1, sum: 3, sumSquares: 9 } }]);
    await restate([{ writer: 'flights/saboteur' }, { writer: 'flights/gate' }]);
    expect(await armsIn(buffer)).toMatchObject([{ older: none }]);
    await restate([]);
    expect(await armsIn(buffer)).toMatchObject([{ older: { n: 2, sum: 110 } }]);
  });
});

const writers = ['flights/gate', 'flights/desk', 'flights/saboteur'];
const sayings = fc.array(
  fc.record({
    unit: fc.integer({ min: 0, max: 4 }),
    modelVersion: fc.constantFrom(1, 2),
    assigned: fc.constantFrom(0, 59, 61, 130),
    value: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    after: fc.integer({ min: 0, max: 720 }),
    writer: fc.constantFrom(...writers),
    repeats: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('whatever the order, the cuts, the repetitions and the crashes', () => {
  it('each unit counts once, with its last value of those who are trusted', async () => {
    await fc.assert(
      fc.asyncProperty(sayings, fc.infiniteStream(fc.nat()), fc.boolean(), async (all, random, isDistrusted) => {
        // One moment, one value: of contradictions the order decides.
        const said = [...new Map(all.map((each) => [`${each.unit} ${each.assigned + each.after}`, each])).values()];
        const judged = { ...model, distrusted: isDistrusted ? [{ writer: 'flights/saboteur' }] : [] };
        const events = said
          .flatMap((each) => Array.from({ length: each.repeats }, () => each))
          .map((each) => ({ each, place: random.next().value! }))
          .sort((a, b) => a.place - b.place)
          .map(({ each: { unit, modelVersion, assigned, value: amount, after, writer } }, i) => ({
            ...joinEvent(
              told(`u${unit}`, {
                modelVersion,
                value: amount,
                assignedAt: at(assigned),
                observedAt: at(assigned + after),
              }),
              at(1_000),
              String(i),
            ),
            writer,
          }));
        const buffer = createMemoryJoinBuffer();
        const crashing: JoinBuffer = {
          ...buffer,
          commit: async (...args) => {
            const kind = random.next().value! % 4;
            if (kind === 0) throw new Error('crashed before');
            await buffer.commit(...args);
            if (kind === 1) throw new Error('crashed after');
          },
        };
        let cache = createBucketCache();
        for (let done = 0; done < events.length; ) {
          const batch = events.slice(done, done + 1 + (random.next().value! % 5));
          try {
            await joinBucket({ buffer: crashing, cache }, { bucket, model: judged, events: batch });
            done += batch.length;
          } catch {
            cache = createBucketCache();
          }
        }
        expect(await armsIn(buffer)).toEqual(oracle(said, isDistrusted));
      }),
    );
  });
});

type Said = typeof sayings extends fc.Arbitrary<(infer S)[]> ? S : never;

function oracle(said: readonly Said[], isDistrusted: boolean) {
  const inTime = said.filter(({ after }) => after <= 600);
  const counted = inTime.filter(({ writer }) => !isDistrusted || writer !== 'flights/saboteur');
  const hourOf = ({ assigned }: Said) => at(assigned).slice(0, 13);
  const hours = [...new Set(counted.map(hourOf))].sort();
  const arm = (hour: string, version: number) => {
    const own = counted.filter((each) => hourOf(each) === hour && each.modelVersion === version);
    const last = new Map<number, Said>();
    const observedAt = ({ assigned, after }: Said) => assigned + after;
    for (const each of own.toSorted((a, b) => observedAt(a) - observedAt(b))) last.set(each.unit, each);
    const values = [...last.values()].map((each) => each.value);
    const total = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0);
    return { n: values.length, sum: total(values), sumSquares: total(values.map((each) => each ** 2)) };
  };
  return hours.map((hour) => ({ hour, older: arm(hour, 1), newer: arm(hour, 2) }));
}

function world(scopes: readonly ('predictions' | 'outcomes')[] = ['outcomes']) {
  const wide = { ...model, modelId: 'wide', buckets: 8 };
  const stream = createMemoryEventStream();
  const buffer = createMemoryJoinBuffer();
  const ports = {
    directory: createMemoryModelDirectory([wide]),
    rootSecret: { read: async () => 'root secret' },
    ...trustedWriters,
    writers: { find: async (writer: string) => registered(writer, { scopes }) },
    stream,
    buffer,
  };
  const mayWrite = () => true;
  const refuse = () => Promise.reject(new Error('nothing may be put aside'));
  const join = async () => {
    const records = stream.records.map((record, i) => ({ ...record, id: String(i), shardId: 'shard-1', now: at(180) }));
    const opened = await Promise.all(
      records.map(async (record) => ({ record, opened: await openRecord(ports, record) })),
    );
    const failures = { put: refuse, putConflicts: refuse };
    expect(await joinRecords({ buffer, cache: createBucketCache(), failures }, opened)).toEqual([]);
    const units = { rolloutId, metric };
    const metrics = createMemoryGroundTruthMetrics(buffer);
    return (await metrics.hourlyPaired({ ...window, modelId: 'wide', units })).map(({ paired }) => paired.arms);
  };
  return {
    post: (items: readonly unknown[]) =>
      ingestOutcomes(ports, { items, now: at(180), writer: 'runway/api.ada', mayWrite }),
    /** As lines, signed by a writer of the team. */
    put: (records: readonly BusinessMetricRecord[]) => {
      const writer = 'flights/gate';
      for (const [place, own] of Map.groupBy(records, ({ unitId }) => bucketOf(unitId, 8))) {
        const events = own.map((record) => ({ kind: 'business-metric' as const, record }));
        const options = { writer, key: writerKey('root secret', writer), modelId: 'wide', bucket: place };
        for (const data of pack(events, options)) stream.put([{ partitionKey: partitionKeyOf('wide', place), data }]);
      }
    },
    rejected: async () => {
      const records = stream.records.map((record, i) => ({
        ...record,
        id: String(i),
        shardId: 'shard-1',
        now: at(180),
      }));
      const opened = await Promise.all(records.map((record) => openRecord(ports, record)));
      return opened.flatMap((each) => each.rejected.flatMap(({ problems }) => problems.map(({ code }) => code)));
    },
    join,
  };
}

const ids = Array.from({ length: 20 }, (_, i) => `unit ${i}`);
const all = { n: 20, sum: 60, sumSquares: 180 };

describe('values of units', () => {
  it('are posted among outcomes, and reach their buckets as columns', async () => {
    const runway = world();
    const items = ids.map((id) => value(id, { modelId: 'wide' }));
    expect(await runway.post(items)).toEqual({ accepted: 20, rejected: [] });
    expect(await runway.join()).toEqual([{ older: all, newer: none }]);
  });

  it('come as lines of a writer who may write outcomes', async () => {
    const runway = world();
    runway.put(ids.map((id) => value(id, { modelId: 'wide', modelVersion: 2 })));
    expect(await runway.join()).toEqual([{ older: none, newer: all }]);
  });

  it('are refused of a writer who may not', async () => {
    const runway = world(['predictions']);
    runway.put([value('ada', { modelId: 'wide' })]);
    await expect(runway.rejected()).rejects.toMatchObject({ name: 'NotAuthorized', code: 'wrong-scope' });
  });

  it.each<[string, Partial<BusinessMetricRecord> | Record<string, unknown>, string]>([
    ['another metric than the model has', { metric: 'revenue' }, 'unknown-business-metric'],
    ['a value that is no number', { value: null }, 'wrong-type'],
    ['an observation before the assignment', { assignedAt: at(90) }, 'observed-before-assignment'],
    ['an observation to come', { observedAt: at(300) }, 'observed-in-future'],
    ['an assignment before there was the model', { assignedAt: at(-2_000) }, 'assigned-before-model'],
    ['an observation after the window', { assignedAt: at(-600), observedAt: at(10) }, 'outside-attribution-window'],
    ['a field nobody knows', { predictionId: 'p1' }, 'unknown-field'],
  ])('are refused with %s', async (_, change, code) => {
    const posting = world().post([{ ...value('ada', { modelId: 'wide' }), ...change }]);
    await expect(posting).rejects.toMatchObject({ code: 'all-rejected', problems: [{ code }] });
  });

  it('are put aside by the join when their version does not exist', async () => {
    const runway = world();
    await runway.post([value('ada', { modelId: 'wide', modelVersion: 9 })]);
    expect(await runway.rejected()).toEqual(['unknown-model-version']);
  });
});
