import { describe, expect, it } from 'vitest';
import { bucketMoved } from '../../../shared/adapters/bucket-moved.ts';
import { createMemoryGroundTruthMetrics } from '../../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import type { PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { segmentKey } from '../../../shared/domain/ground-truth/segment.ts';
import { maximumPartBytes, segmentOf } from '../../../shared/domain/ground-truth/segment-log.ts';
import { type BucketWrites, type JoinBuffer, maximumWrites } from '../../../shared/ports/join-buffer.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { at, joinEvent, observed, predicted, servedModel } from './fixtures/models.ts';

const bucket = { modelId: 'late-live', bucket: 0 };

/** The buffer, telling what was asked of it. */
function watched(buffer: JoinBuffer) {
  const calls: string[] = [];
  const commits: BucketWrites[] = [];
  const watching: JoinBuffer = {
    cursor: (id) => {
      calls.push('cursor');
      return buffer.cursor(id);
    },
    segments: (id, keys) => {
      calls.push('segments');
      return buffer.segments(id, keys);
    },
    aggregates: (id, keys) => {
      calls.push('aggregates');
      return buffer.aggregates(id, keys);
    },
    commit: (id, writes) => {
      calls.push('commit');
      commits.push(writes);
      return buffer.commit(id, writes);
    },
  };
  return { buffer: watching, calls, commits };
}

function batch(events: readonly PackedEvent[], sequenceNumber: string, now = at(180), model = servedModel()) {
  return {
    bucket,
    model,
    events: events.map((event, index) => joinEvent(event, now, sequenceNumber, index)),
  };
}

const whole = { modelId: 'late-live', version: 1, from: '2001-01-22T00:00:00.000Z', to: '2001-03-01T00:00:00.000Z' };

describe('a warm function', () => {
  it('reads nothing of the hours it has just served', async () => {
    const { buffer, calls } = watched(createMemoryJoinBuffer());
    const cache = createBucketCache();
    await joinBucket({ buffer, cache }, batch([predicted('p1')], '1'));
    expect(calls).toEqual(['cursor', 'segments', 'aggregates', 'commit']);
    await joinBucket({ buffer, cache }, batch([predicted('p2'), observed('p1')], '2'));
    expect(calls.slice(4)).toEqual(['commit']);
  });

  it('commits nothing when all events are applied already', async () => {
    const { buffer, calls } = watched(createMemoryJoinBuffer());
    await joinBucket({ buffer, cache: createBucketCache() }, batch([predicted('p1')], '1'));
    await joinBucket({ buffer, cache: createBucketCache() }, batch([predicted('p1')], '1'));
    expect(calls.filter((call) => call === 'commit')).toHaveLength(1);
  });

  it('reads again when another one has committed', async () => {
    const memory = createMemoryJoinBuffer();
    const [first, second] = [createBucketCache(), createBucketCache()];
    const { buffer, calls } = watched(memory);
    await joinBucket({ buffer: memory, cache: first }, batch([predicted('p1')], '1'));
    await joinBucket({ buffer: memory, cache: second }, batch([predicted('p2')], '2'));
    await joinBucket({ buffer, cache: first }, batch([observed('p1'), observed('p2')], '3'));
    expect(calls).toEqual(['commit', 'cursor', 'segments', 'commit']);
    const [hour] = await createMemoryGroundTruthMetrics(memory).hourlyPerformance(whole);
    expect(hour).toMatchObject({ predictions: 2, performance: { n: 2 } });
  });

  it('finds its events applied when only the answer to its commit was lost', async () => {
    const memory = createMemoryJoinBuffer();
    const deaf: JoinBuffer = {
      ...memory,
      commit: async (id, writes) => {
        await memory.commit(id, writes);
        throw bucketMoved(id);
      },
    };
    await joinBucket({ buffer: deaf, cache: createBucketCache() }, batch([predicted('p1')], '1'));
    expect((await memory.cursor(bucket)).counters).toMatchObject({ predictions: 1, duplicatePredictions: 0 });
  });

  it('gives up when others never stop committing', async () => {
    const rivalled: JoinBuffer = { ...createMemoryJoinBuffer(), commit: async (id) => Promise.reject(bucketMoved(id)) };
    const joining = joinBucket({ buffer: rivalled, cache: createBucketCache() }, batch([predicted('p1')], '1'));
    await expect(joining).rejects.toMatchObject({ name: 'VersionConflict' });
  });
});

describe('what a function remembers', () => {
  it('is forgotten bucket by bucket, the longest unused first, when it grows', async () => {
    const memory = createMemoryJoinBuffer();
    const cache = createBucketCache(4);
    const { buffer, calls } = watched(memory);
    const other = { modelId: 'late-live', bucket: 1 };
    await joinBucket({ buffer, cache }, batch([predicted('p1'), predicted('p2')], '1'));
    await joinBucket({ buffer, cache }, { ...batch([predicted('p3')], '2'), bucket: other });
    calls.length = 0;
    await joinBucket({ buffer, cache }, { ...batch([predicted('p4')], '3'), bucket: other });
    expect(calls).toEqual(['commit']);
    await joinBucket({ buffer, cache }, batch([predicted('p5')], '4'));
    expect(calls.slice(1)).toEqual(['cursor', 'segments', 'aggregates', 'commit']);
  });
});

describe('a remembered bucket', () => {
  it('keeps the hours used last', async () => {
    const { buffer, calls } = watched(createMemoryJoinBuffer());
    const cache = createBucketCache();
    const hourly = (hour: number) => predicted(`flight ${hour}`, { predictedAt: at(hour * 60) });
    for (let hour = 0; hour < 70; hour += 1)
      await joinBucket({ buffer, cache }, batch([hourly(hour)], String(hour), at(5_000)));
    calls.length = 0;
    await joinBucket({ buffer, cache }, batch([hourly(69), hourly(6)], '70', at(5_000)));
    expect(calls).toEqual(['commit']);
    await joinBucket({ buffer, cache }, batch([hourly(5)], '71', at(5_000)));
    expect(calls).toEqual(['commit', 'segments', 'aggregates', 'commit']);
  });
});

describe('a batch too large for one transaction', () => {
  const longWindow = servedModel({ attributionWindowMinutes: 20_160 });
  const hours = Array.from({ length: 240 }, (_, i) => i * 60);
  const all = [
    ...hours.map((minute) => predicted(`flight ${minute}`, { predictedAt: at(minute) })),
    ...hours.map((minute) => observed(`flight ${minute}`, { predictedAt: at(minute), observedAt: at(minute + 90) })),
  ];

  it('is applied in several, in order, each below the limit', async () => {
    const memory = createMemoryJoinBuffer();
    const { buffer, commits } = watched(memory);
    await joinBucket({ buffer, cache: createBucketCache() }, batch(all, '1', at(15_000), longWindow));
    expect(commits.length).toBeGreaterThan(2);
    for (const { parts, aggregates } of commits)
      expect(parts.length + aggregates.length + 1).toBeLessThanOrEqual(maximumWrites.items);
    const stored = await createMemoryGroundTruthMetrics(memory).hourlyPerformance(whole);
    expect(stored).toHaveLength(240);
    expect(stored.every(({ performance }) => performance?.n === 1)).toBe(true);
  });

  it('goes on after the last one when it comes again', async () => {
    const memory = createMemoryJoinBuffer();
    let left = 2;
    const dying: JoinBuffer = {
      ...memory,
      commit: async (id, writes) => {
        if (left === 0) throw new Error('no more');
        left -= 1;
        await memory.commit(id, writes);
      },
    };
    const large = batch(all, '1', at(15_000), longWindow);
    await expect(joinBucket({ buffer: dying, cache: createBucketCache() }, large)).rejects.toThrow('no more');
    const { buffer, commits } = watched(memory);
    await joinBucket({ buffer, cache: createBucketCache() }, large);
    expect(commits[0]?.cursor.revision).toBe(3);
    const stored = await createMemoryGroundTruthMetrics(memory).hourlyPerformance(whole);
    expect(stored.reduce((sum, { predictions }) => sum + predictions, 0)).toBe(240);
    expect((await memory.cursor(bucket)).counters).toMatchObject({ predictions: 240, attributed: 240 });
  });
});

describe('the log of a segment', () => {
  const hour = segmentKey('2001-01-22T06');
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => predicted(`prediction ${from + i} of a very busy hour`));
  const read = async (buffer: JoinBuffer) => segmentOf((await buffer.segments(bucket, [hour])).get(hour)!);

  it('gets what a batch adds and nothing else', async () => {
    const { buffer, commits } = watched(createMemoryJoinBuffer());
    const cache = createBucketCache();
    await joinBucket({ buffer, cache }, batch(many(0, 1_000), '1'));
    await joinBucket({ buffer, cache }, batch([observed('prediction 7 of a very busy hour')], '2'));
    await joinBucket({ buffer, cache }, batch([observed('prediction 7 of a very busy hour')], '3'));
    expect(commits.map(({ parts }) => parts.map(({ index }) => index))).toEqual([[0], [1], []]);
    expect(commits[0]!.parts[0]!.data.length).toBeLessThan(20_000);
    expect(commits[1]!.parts[0]!.data.length).toBeLessThan(120);
  });

  it('of many small batches has few parts, and all entries once', async () => {
    const { buffer } = watched(createMemoryJoinBuffer());
    const cache = createBucketCache();
    const batches = Array.from({ length: 300 }, (_, i) => many(i, 1));
    for (const [i, one] of batches.entries()) await joinBucket({ buffer, cache }, batch(one, String(i + 1)));
    const segment = await read(buffer);
    expect(segment.parts().length).toBeLessThan(40);
    expect([...segment.entries.values()]).toHaveLength(300);
    const later = { buffer, cache: createBucketCache() };
    await joinBucket(later, batch([...many(0, 300), observed('prediction 299 of a very busy hour')], '301'));
    expect((await buffer.cursor(bucket)).counters).toMatchObject({ duplicatePredictions: 300, attributed: 1 });
  });

  it('has parts that fit an item each, though a batch be larger', async () => {
    const { buffer, commits } = watched(createMemoryJoinBuffer());
    const large = Array.from({ length: 12_000 }, (_, i) =>
      predicted([1, 2, 3, 5, 7].map((k) => Math.sin(i * k + k)).join(' ')),
    );
    await joinBucket({ buffer, cache: createBucketCache() }, batch(large, '1'));
    expect(commits.length).toBeGreaterThan(1);
    const sizes = commits.flatMap(({ parts }) => parts.map(({ data }) => data.length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maximumPartBytes);
    expect([...(await read(buffer)).entries.values()]).toHaveLength(12_000);
  });
});

describe('the cursor', () => {
  it('says which revision changed a day last, until nothing can change it any more', async () => {
    const buffer = createMemoryJoinBuffer();
    const cache = createBucketCache();
    const changes = async () => (await buffer.cursor(bucket)).changes;
    await joinBucket({ buffer, cache }, batch([predicted('p1')], '1'));
    await joinBucket({ buffer, cache }, batch([observed('p1')], '2'));
    await joinBucket({ buffer, cache }, batch([observed('p1')], '3'));
    expect(await changes()).toEqual({ revisionByDay: { '2001-01-22': 2 }, sealedThrough: expect.any(String) });
    const muchLater = at(60 * 24 * 60);
    await joinBucket({ buffer, cache }, batch([predicted('p2', { predictedAt: muchLater })], '4', muchLater));
    expect(await changes()).toEqual({
      revisionByDay: { [muchLater.slice(0, 10)]: 4 },
      sealedThrough: expect.any(String),
    });
    expect((await changes())?.sealedThrough.localeCompare('2001-01-22')).toBe(1);
  });
});
