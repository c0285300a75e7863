import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { featuresOf } from '../../../shared/domain/ground-truth/feature-columns.ts';
import { packColumns } from '../../../shared/domain/ground-truth/pack-columns.ts';
import { NumberPacker, unpackNumbers } from '../../../shared/domain/ground-truth/packed-numbers.ts';
import { pack, seal } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import { openRecord } from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, morning, observed, predicted, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const decimals = fc.tuple(fc.integer(), fc.nat(9)).map(([whole, places]) => whole / 10 ** places);
const anyColumn = fc.oneof(
  ...[fc.nat(254), fc.integer(), fc.maxSafeInteger(), fc.nat(2 ** 32), decimals, finite].map((value) =>
    fc.array(fc.option(value, { freq: 8 }), { minLength: 24, maxLength: 60 }),
  ),
);

describe('numbers behind the JSON', () => {
  it('are read as the doubles that they were, and null as NaN', () => {
    const law = fc.property(fc.array(anyColumn, { minLength: 1, maxLength: 4 }), (columns) => {
      const packer = new NumberPacker();
      const described = columns.map((values) => packer.add(values)!);
      const [document, data] = packer.behind('{}');
      expect(document!.toString()).toBe('{}\0');
      for (const [i, values] of columns.entries()) {
        const read = unpackNumbers(described[i]!, values.length, data!)!;
        expect([...read].map((value) => (Number.isNaN(value) ? null : value))).toEqual(values);
      }
    });
    fc.assert(law, { numRuns: 300 });
  });

  it('take as few bytes as their range, and doubles what has too many decimals', () => {
    const sizes = (values: readonly number[]) => new NumberPacker().add(values)?.bytes;
    const rows = (most: number) => Array.from({ length: 30 }, (_, i) => 1_000 + (most * i) / 29);
    const whole = (most: number) => sizes(rows(most).map(Math.round));
    expect([254, 255, 65_534, 65_535, 2 ** 24, 2 ** 32].map(whole)).toEqual([1, 2, 2, 3, 4, 8]);
    expect(sizes(rows(0.7))).toBe(8);
    expect(sizes(rows(254).map((value) => Math.round(value) / 100))).toBe(1);
  });

  it('stay in the JSON when they are few or not only numbers', () => {
    const packer = new NumberPacker();
    expect(packer.add([1, 2, 3])).toBeUndefined();
    expect(packer.add([...Array.from({ length: 30 }, (_, i) => i), 'x'])).toBeUndefined();
    expect(packer.behind('{}').map(String)).toEqual(['{}']);
  });
});

const served = servedModel();
const opening = {
  directory: createMemoryModelDirectory([served]),
  rootSecret: { read: async () => 'root secret' },
  ...trustedWriters,
};
const key = writerKey('root secret', 'flights/gate');
const options = { writer: 'flights/gate', key, modelId: 'late-live', bucket: 0 };
const open = (data: Uint8Array) =>
  openRecord(opening, { id: '7', shardId: 'shard-1', partitionKey: 'late-live:0', now: at(180), data });

describe('records with numbers behind the JSON', () => {
  const minute = 60_000;
  const moment = (i: number) => new Date(Date.parse(morning) + i * minute).toISOString();
  const predictions = Array.from({ length: 60 }, (_, i) =>
    predicted(`p${i}`, {
      predictedAt: i === 7 ? '2071-01-22T06:00:00.000Z' : moment(i / 60),
      // One that is no probability, one that has no score.
      score: i === 9 ? 1.5 : i / 67,
      features: {
        origin: ['JFK', 'LAX', 'ZRH'][i % 3]!,
        lateRate: i / 100,
        ...(i === 11 ? {} : { distance: i }),
      },
      ...(i % 4 === 0 && { samplingRatio: 0.5 }),
      ...(i % 5 === 0 && { scoredAt: i === 15 ? moment(70) : moment(-i) }),
    }),
  );
  const outcomes = Array.from({ length: 40 }, (_, i) =>
    observed(`p${i}`, {
      observedAt: moment(100 + i),
      label: i === 3 ? 2 : i % 2,
      ...(i % 3 === 0 && { businessValue: i * 1.25 }),
    }),
  );

  it.each(['gzip', 'zstd', 'identity'] as const)('say in %s what their lines say', async (encoding) => {
    const events = [...predictions, ...outcomes];
    const [data, ...more] = packColumns(events, { ...options, encoding });
    expect(more).toEqual([]);
    const [lines] = pack(events, { ...options, targetBytes: 100_000 });
    const [byColumn, byLine] = [await open(data!), await open(lines!)];
    const plain = ({ event }: (typeof byLine.events)[number]) => {
      if (event.kind !== 'prediction') return event.record;
      const present = Object.entries(featuresOf(event.record.features)).filter(([, value]) => value !== null);
      return { ...event.record, features: Object.fromEntries(present) };
    };
    expect(byColumn.events.map(plain)).toEqual(byLine.events.map(plain));
    const faults = ({ rejected }: typeof byLine) =>
      rejected.map(({ index, problems }) => `${index} ${problems.map(({ field, code }) => `${field} ${code}`).join()}`);
    expect(faults(byColumn)).toEqual(faults(byLine));
    expect(byColumn.rejected.map(({ index }) => index)).toEqual([7, 9, 11, 15, 63]);
  });

  it.each([
    ['beyond the end', { at: 1, bytes: 8 }],
    ['at no place', { at: -1, bytes: 1 }],
    ['of five bytes', { at: 0, bytes: 5 }],
    ['of no bytes', { at: 0, bytes: 0 }],
    ['of an endless number of decimals', { at: 0, bytes: 1, decimals: 1e9 }],
    ['that start nowhere', { at: 0, bytes: 1, from: 'x' }],
    ['of more kinds than are known', { at: 0, bytes: 1, step: 2 }],
  ])('%s are put aside', async (_case, score) => {
    const text = JSON.stringify({ outcomes: { predictionId: ['p1'], observedAt: 980_150_400_000, label: score } });
    const sealed = seal([Buffer.from(`${text}\0`), Buffer.alloc(8)], {
      ...options,
      format: 'runway/2',
      keyId: 1,
      count: 1,
    });
    const code = await open(sealed).then(
      () => 'none',
      (error: unknown) => (isRunwayError(error) ? error.code : error),
    );
    expect(code).toBe('columns-malformed');
  });
});
