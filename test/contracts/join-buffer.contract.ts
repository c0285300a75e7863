import { describe, expect, it } from 'vitest';
import { initialCursor } from '../../shared/domain/ground-truth/cursor.ts';
import type { StoredPart } from '../../shared/domain/ground-truth/segment-log.ts';
import type { AggregateWrite, BucketId, BucketWrites, JoinBuffer, PartWrite } from '../../shared/ports/join-buffer.ts';

const counters = { ...initialCursor.counters, predictions: 3, attributed: 2 };
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

function writes(revision: number, change: Partial<BucketWrites> = {}): BucketWrites {
  const positions = {
    'shardId-000000000000': { sequenceNumber: '49590338271490256608559692538361571095921575', done: 7 },
  };
  const cursor = { revision, positions, counters, waiting: { 'segment#2001-01-22T06': 2 } };
  return { cursor, parts: [], aggregates: [], ...change };
}

function part(text: string, change: Partial<PartWrite> = {}): PartWrite {
  const garbageAt = '2101-01-01T00:00:00.000Z';
  return { key: 'segment#2001-01-22T06', index: 0, from: 1, to: 1, data: bytes(text), garbageAt, ...change };
}

function aggregate(text: string, change: Partial<AggregateWrite> = {}): AggregateWrite {
  return { kind: 'profile', hour: '2001-01-22T06', versions: '1', data: bytes(text), ...change };
}

function inOrder(parts: readonly StoredPart[]): readonly StoredPart[] {
  return [...parts].sort((a, b) => a.index - b.index);
}

/** What every join buffer does; `buffer` gives the one under test, each test has a model of its own. */
export function joinBufferContract(buffer: () => JoinBuffer): void {
  const bucketOf = (modelId: string): BucketId => ({ modelId, bucket: 0 });
  const textOf = async (bucket: BucketId, key: PartWrite['key'] = 'segment#2001-01-22T06') =>
    inOrder((await buffer().segments(bucket, [key])).get(key) ?? []).map(({ data }) => Buffer.from(data).toString());

  describe('a bucket nobody has committed to', () => {
    it('starts at the initial cursor and holds nothing', async () => {
      const bucket = bucketOf('untouched');
      expect(await buffer().cursor(bucket)).toEqual(initialCursor);
      expect(await textOf(bucket)).toEqual([]);
      expect(await buffer().aggregates(bucket, [aggregate('')])).toEqual([undefined]);
      expect((await buffer().segments(bucket, [])).size).toBe(0);
    });
  });

  describe('a commit', () => {
    it('stores cursor, parts and aggregates together', async () => {
      const bucket = bucketOf('together');
      const written = writes(1, { parts: [part('entries')], aggregates: [aggregate('counts')] });
      await buffer().commit(bucket, written);
      expect(await buffer().cursor(bucket)).toEqual(written.cursor);
      expect(await textOf(bucket)).toEqual(['entries']);
      const [data] = await buffer().aggregates(bucket, [aggregate('')]);
      expect(Buffer.from(data!).toString()).toBe('counts');
    });

    it('replaces what was there', async () => {
      const bucket = bucketOf('replaced');
      await buffer().commit(bucket, writes(1, { parts: [part('old')], aggregates: [aggregate('old')] }));
      await buffer().commit(bucket, writes(2, { parts: [part('new')] }));
      expect((await buffer().cursor(bucket)).revision).toBe(2);
      expect(await textOf(bucket)).toEqual(['new']);
      const [data] = await buffer().aggregates(bucket, [aggregate('')]);
      expect(Buffer.from(data!).toString()).toBe('old');
    });

    it.each([
      ['on a new bucket by another', [1], 1],
      ['in between by another', [1, 2], 2],
      ['that it has not read', [1], 3],
      ['twice', [1, 2, 3], 3],
    ])('of a revision committed %s is refused and changes nothing', async (name, before, revision) => {
      const bucket = bucketOf(`refused ${name}`);
      for (const earlier of before) await buffer().commit(bucket, writes(earlier, { parts: [part(`at ${earlier}`)] }));
      const late = writes(revision, { parts: [part('late')], aggregates: [aggregate('late')] });
      await expect(buffer().commit(bucket, late)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await textOf(bucket)).toEqual([`at ${before.at(-1)}`]);
      expect(await buffer().aggregates(bucket, [aggregate('')])).toEqual([undefined]);
    });

    it('lets one of several at the same time through', async () => {
      const bucket = bucketOf('raced');
      const attempts = await Promise.allSettled(
        Array.from({ length: 5 }, (_, i) => buffer().commit(bucket, writes(1, { parts: [part(`by ${i}`)] }))),
      );
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const winner = attempts.findIndex(({ status }) => status === 'fulfilled');
      expect(await textOf(bucket)).toEqual([`by ${winner}`]);
    });

    it('of 89 items and 3 MB is one transaction', async () => {
      const bucket = bucketOf('large');
      const parts = Array.from({ length: 89 }, (_, i) =>
        part('x'.repeat(33_000), {
          key: `segment#2001-01-${String(10 + (i % 20))}T${String(10 + Math.floor(i / 20))}`,
        }),
      );
      await buffer().commit(bucket, writes(1, { parts }));
      const stored = await buffer().segments(
        bucket,
        parts.map(({ key }) => key),
      );
      expect([...stored.values()].every(([part]) => part?.data.length === 33_000)).toBe(true);
    });
  });

  describe('segments', () => {
    it('give all their parts, with the commits that these are of', async () => {
      const bucket = bucketOf('parted');
      const parts = Array.from({ length: 12 }, (_, index) =>
        part(`part ${index}`, { index, from: index, to: index + 1 }),
      );
      await buffer().commit(bucket, writes(1, { parts }));
      expect(await textOf(bucket)).toEqual(parts.map(({ index }) => `part ${index}`));
      const stored = (await buffer().segments(bucket, ['segment#2001-01-22T06'])).get('segment#2001-01-22T06');
      expect(inOrder(stored!).map(({ index, from, to }) => [index, from, to])).toEqual(
        parts.map(({ index, from, to }) => [index, from, to]),
      );
    });

    it('grow by further parts, which replace those of their index', async () => {
      const bucket = bucketOf('growing');
      await buffer().commit(bucket, writes(1, { parts: [part('a')] }));
      await buffer().commit(bucket, writes(2, { parts: [part('b', { index: 1, from: 2, to: 2 })] }));
      await buffer().commit(bucket, writes(3, { parts: [part('b2', { index: 1, from: 2, to: 3 })] }));
      expect(await textOf(bucket)).toEqual(['a', 'b2']);
    });

    it('of hours that are not asked for are left out', async () => {
      const bucket = bucketOf('between');
      const hours = ['2001-01-22T05', '2001-01-22T06', '2001-01-22T07', '2001-01-22T09'];
      const parts = hours.map((hour) => part(hour, { key: `segment#${hour}` }));
      await buffer().commit(bucket, writes(1, { parts }));
      const asked = ['segment#2001-01-22T09', 'segment#2001-01-22T05', 'segment#2001-01-22T06'] as const;
      const stored = await buffer().segments(bucket, asked);
      expect([...stored].map(([key, some]) => [key, some.map(({ data }) => Buffer.from(data).toString())])).toEqual(
        asked.map((key) => [key, [key.slice('segment#'.length)]]),
      );
    });

    it('of many hours are read at once, those that hold nothing without parts', async () => {
      const bucket = bucketOf('many');
      await buffer().commit(bucket, writes(1, { parts: [part('entries')] }));
      const keys = Array.from({ length: 240 }, (_, i) => {
        const hour = new Date(Date.parse('2001-01-20T00:00:00Z') + i * 3_600_000).toISOString().slice(0, 13);
        return `segment#${hour}` as const;
      });
      const stored = await buffer().segments(bucket, keys);
      expect([...stored.keys()]).toEqual(keys);
      expect([...stored].filter(([, parts]) => parts.length > 0).map(([key]) => key)).toEqual([
        'segment#2001-01-22T06',
      ]);
    });

    it('waiting for a prediction are apart from those of the hour', async () => {
      const bucket = bucketOf('waiting');
      const waiting = part('outcomes', { key: 'waiting#2001-01-22T06' });
      await buffer().commit(bucket, writes(1, { parts: [part('entries'), waiting] }));
      expect(await textOf(bucket)).toEqual(['entries']);
      expect(await textOf(bucket, 'waiting#2001-01-22T06')).toEqual(['outcomes']);
    });
  });

  describe('buckets', () => {
    it('have nothing in common', async () => {
      const [first, second] = [bucketOf('apart'), { modelId: 'apart', bucket: 1 }];
      await buffer().commit(first, writes(1, { parts: [part('first')], aggregates: [aggregate('first')] }));
      await buffer().commit(second, writes(1, { parts: [part('second')], aggregates: [aggregate('second')] }));
      expect(await textOf(first)).toEqual(['first']);
      expect(await textOf(second)).toEqual(['second']);
      const [data] = await buffer().aggregates(second, [aggregate('')]);
      expect(Buffer.from(data!).toString()).toBe('second');
    });
  });
}
