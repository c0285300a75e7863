import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryModelDirectory } from '../../../shared/adapters/memory/memory-model-directory.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import { featuresOf } from '../../../shared/domain/ground-truth/feature-columns.ts';
import type { JoinInput } from '../../../shared/domain/ground-truth/join-input.ts';
import { packColumns } from '../../../shared/domain/ground-truth/pack-columns.ts';
import {
  type PackOptions,
  pack,
  seal,
  sign,
  unpack,
  verify,
  type WireEvent,
} from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import {
  type OpenedRecord,
  openRecord,
  type StreamRecord,
} from '../../../shared/use-cases/ground-truth/open-record.ts';
import { at, morning, observed, predicted, servedModel } from './fixtures/models.ts';
import { trustedWriters } from './fixtures/trusted-writers.ts';

const model = servedModel({
  buckets: 4,
  outcomeTypes: [
    { name: 'late', kind: 'binary', attributionWindowMinutes: 1_440, provenance: 'exact' },
    { name: 'minutes', kind: 'numeric', attributionWindowMinutes: 2_880, provenance: 'exact' },
  ],
});
const opening = {
  directory: createMemoryModelDirectory([model]),
  rootSecret: { read: async () => 'root secret' },
  ...trustedWriters,
};
const key = writerKey('root secret', 'flights/gate');
const options: PackOptions = { writer: 'flights/gate', key, modelId: 'late-live', bucket: 2 };
// All of bucket 2 of 4.
const ids = ['p1', 'p5', 'p9', 'p10', 'p14', 'p18', 'p21', 'p25', 'p29', 'p32'];

function streamRecord(data: Uint8Array): StreamRecord {
  return { id: '7', shardId: 'shard-1', partitionKey: 'late-live:2', now: at(180), data };
}

function sealed(payload: unknown, count: number): StreamRecord {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return streamRecord(seal([Buffer.from(text)], { ...options, format: 'runway/2', keyId: 1, count }));
}

async function causeOf(record: StreamRecord): Promise<string> {
  try {
    await openRecord(opening, record);
    return 'none';
  } catch (error) {
    if (!isRunwayError(error)) throw error;
    return error.code;
  }
}

/** Events of either format in one shape; shadows by version, as columns have no order among them. */
function plain({ event }: OpenedRecord['events'][number]): object {
  if (event.kind !== 'prediction') return event;
  const { features, shadows, ...record } = event.record;
  const present = Object.entries(featuresOf(features)).filter(([, value]) => value !== null);
  const values = present.map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : value]);
  return {
    kind: event.kind,
    record: {
      ...record,
      features: Object.fromEntries(values),
      shadows: [...shadows].sort((a, b) => a.version - b.version),
    },
  };
}

const or = <T>(usual: fc.Arbitrary<T>, ...odd: readonly unknown[]) =>
  fc.oneof(
    { weight: 12, arbitrary: usual as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
const instant = fc.integer({ min: -60, max: 170 }).map(at);
const oddInstants = ['2099-01-01T00:00:00.000Z', '2000-01-01T00:00:00.000Z', 'yesterday', true];
const oddNumbers = ['NaN', 'x', true, [[1]], { toString: 1 }, 1.5, -1];
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const anyPrediction = fc.record({
  predictionId: or(fc.constantFrom(...ids), 'elsewhere', '', 'x'.repeat(129), 5),
  modelId: or(fc.constant('late-live'), 'late-basic'),
  modelVersion: or(fc.constantFrom(1, 2), 9, '1', 0),
  predictedAt: or(instant, ...oddInstants),
  score: or(fc.double({ min: 0, max: 1, noNaN: true }), 2, ...oddNumbers),
  features: fc.record({
    distance: or(fc.integer(), ...oddNumbers, undefined),
    origin: or(fc.constantFrom('JFK', 'EWR', 'Zürich'), true, 5, 'x'.repeat(1_001), undefined),
    lateRate: or(fc.double({ min: -5, max: 5, noNaN: true }), 'x', undefined),
    constructor: or(fc.constant(undefined), 1),
  }),
  shadows: optional(
    or(
      fc.constant([{ modelVersion: 3, score: 0.5 }]),
      [{ modelVersion: 1, score: 0.5 }],
      [{ modelVersion: 3, score: 7 }],
      [{ modelVersion: 8, score: 0.5 }],
    ),
  ),
  rolloutId: optional(or(fc.string({ maxLength: 20 }), 5)),
  scoredAt: optional(or(fc.constant(at(-90)), ...oddInstants)),
  samplingRatio: optional(or(fc.constantFrom(0.5, 1), 0, 2)),
  items: optional(or(fc.constant([{ itemId: 'a', score: 1 }]), [], [{ itemId: 'a' }], 'a')),
  note: optional(or(fc.constant(undefined), 'unexpected')),
});

const anyOutcome = fc.record({
  predictionId: or(fc.constantFrom(...ids), 'elsewhere', null),
  modelId: or(fc.constant('late-live'), 'late-basic'),
  predictedAt: optional(or(instant, ...oddInstants)),
  observedAt: or(instant, ...oddInstants),
  label: or(fc.constantFrom(0, 1), 0.5, ...oddNumbers),
  outcomeType: optional(or(fc.constantFrom('late', 'minutes'), 'unheard-of', 5)),
  itemId: optional(or(fc.constant('a'), '')),
  businessValue: optional(or(fc.double({ noNaN: true, noDefaultInfinity: true }), 'x')),
  features: optional(or(fc.constant(undefined), { x: 1 })),
});

const anyEvent = fc.oneof(
  anyPrediction.map((record): WireEvent => ({ kind: 'prediction', record })),
  anyOutcome.map((record): WireEvent => ({ kind: 'outcome', record })),
);

const anyEncoding = fc.constantFrom('identity' as const, 'gzip' as const, 'zstd' as const);

describe('columns and lines', () => {
  it('say the same: equal events of good rows, equal codes of the others, each at its place', async () => {
    const law = fc.asyncProperty(
      fc.array(anyEvent, { minLength: 1, maxLength: 12 }),
      anyEncoding,
      async (events, encoding) => {
        const ordered = [...events].sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'prediction' ? -1 : 1));
        const [lines] = pack(ordered, { ...options, targetBytes: 100_000 });
        const [columns] = packColumns(events, { ...options, encoding, targetBytes: 100_000 });
        const byLine = await openRecord(opening, streamRecord(lines!));
        const byColumn = await openRecord(opening, streamRecord(columns!));
        const places = ({ events: opened }: OpenedRecord) => opened.map(({ position }) => position.index);
        expect(places(byColumn)).toEqual(places(byLine));
        expect(byColumn.events.map(plain)).toEqual(byLine.events.map(plain));
        expect(byColumn.rejected.map(({ index }) => index)).toEqual(byLine.rejected.map(({ index }) => index));
        for (const [i, { problems }] of byColumn.rejected.entries()) {
          const codes = new Set(byLine.rejected[i]!.problems.map(({ field, code }) => `${field} ${code}`));
          // An absent field is left out of columns, so null is `missing` there.
          for (const { field, code } of problems)
            expect(codes.has(`${field} ${code}`) || (code === 'missing' && codes.has(`${field} wrong-type`))).toBe(
              true,
            );
        }
      },
    );
    await fc.assert(law, { numRuns: 150 });
  });

  it('are both signed for the writer, columns with the id of the key', () => {
    const [data] = packColumns([predicted('p1')], { ...options, keyId: 3 });
    const record = unpack(data!);
    if (!record.ok) throw new Error(record.reason);
    expect(record.value.header).toMatchObject({ format: 'runway/2', keyId: 3, count: 1 });
    expect(verify(record.value, key)).toBe(true);
    const { header, payload } = record.value;
    expect(verify({ header: { ...header, keyId: 4 }, payload }, key)).toBe(false);
  });
});

describe('packed columns', () => {
  it('keep to the target and lose nothing', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      predicted(ids[i % 10]!, { score: Math.sin(i) ** 2, features: { distance: i, origin: 'JFK', lateRate: 1 / i } }),
    );
    const records = packColumns(many, options);
    expect(Math.max(...records.map(({ length }) => length))).toBeLessThanOrEqual(25_000);
    const opened = await Promise.all(records.map((data) => openRecord(opening, streamRecord(data))));
    const scores = opened.flatMap(({ events }) =>
      events.map(({ event }) => (event.kind === 'prediction' ? event.record.score : undefined)),
    );
    expect(scores).toEqual(many.map(({ record }) => ('score' in record ? record.score : undefined)));
  });

  it('name repeated texts once', async () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      predicted(ids[i % 10]!, { features: { distance: i, origin: ['JFK', 'LAX'][i % 2]!, lateRate: 0 } }),
    );
    const [data] = packColumns(many, { ...options, encoding: 'identity' });
    expect(Buffer.from(data!).toString()).toContain('"origin":{"texts":["JFK","LAX"],"codes":[0,1,0,1,');
    const { events } = await openRecord(opening, streamRecord(data!));
    expect(events.map(plain)).toMatchObject(
      many.map(({ record }) => ({ record: { features: (record as { features: object }).features } })),
    );
  });

  it('are a quarter smaller than lines', () => {
    const many = Array.from({ length: 500 }, (_, i) => predicted(ids[i % 10]!, { score: Math.sin(i) ** 2 }));
    const bytes = (records: readonly Uint8Array[]) => records.reduce((sum, { length }) => sum + length, 0);
    expect(bytes(packColumns(many, options))).toBeLessThan(0.75 * bytes(pack(many, options)));
  });

  it('refuse an event that fits no record', () => {
    const noise = Array.from({ length: 200_000 }, (_, i) => String.fromCharCode(33 + ((i * i * 7_919) % 90))).join('');
    const huge = { kind: 'outcome', record: { predictionId: 'p1', noise } } as const;
    expect(() => packColumns([huge], { ...options, encoding: 'identity' })).toThrow(RangeError);
  });
});

const millis = Date.parse(morning);
const row = { modelVersion: 1, predictedAt: millis, score: 0.5, features: { distance: 1, origin: 'JFK', lateRate: 0 } };

describe('hostile columns', () => {
  const one = { predictions: { predictionId: ['p1'], ...row } };
  it.each([
    ['noise', 'noise', 'malformed-json'],
    ['a list', '[]', 'columns-malformed'],
    ['groups that nobody knows', { ...one, guesses: {} }, 'columns-malformed'],
    ['a group that is no object', { predictions: [1] }, 'columns-malformed'],
    ['no ids', { predictions: row }, 'columns-malformed'],
    ['features that are a list', { predictions: { predictionId: ['p1'], ...row, features: [1] } }, 'columns-malformed'],
    ['a column of another length', { predictions: { predictionId: ['p1'], ...row, score: [1, 0] } }, 'column-length'],
    [
      'an object for a column',
      { predictions: { predictionId: ['p1'], ...row, score: { toString: 1 } } },
      'columns-malformed',
    ],
    [
      'a code without text',
      { predictions: { predictionId: ['p1'], ...row, rolloutId: { texts: ['a'], codes: [1] } } },
      'columns-malformed',
    ],
    [
      'a code that lists inherit',
      { predictions: { predictionId: ['p1'], ...row, rolloutId: { texts: [], codes: ['length'] } } },
      'columns-malformed',
    ],
    [
      'fewer codes than rows',
      { predictions: { predictionId: ['p1'], ...row, rolloutId: { texts: ['a'], codes: [] } } },
      'column-length',
    ],
    ['fewer rows than announced', { predictions: { predictionId: [], ...row } }, 'count-mismatch'],
    ['an array a million levels deep', '['.repeat(1_000_000), 'malformed-json'],
  ])('%s spoil the record', async (_case, payload, code) => {
    expect(await causeOf(sealed(payload, 1))).toBe(code);
  });

  it('never become more than two million cells', async () => {
    const features = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, 1]));
    const many = { predictions: { ...row, features, predictionId: Array.from({ length: 9_000 }, () => 'p1') } };
    expect(await causeOf(sealed(many, 9_000))).toBe('payload-too-large');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(10 * 1_024 * 1_024, 32))],
    ['zstd', zstdCompressSync(Buffer.alloc(10 * 1_024 * 1_024, 32))],
  ] as const)('in %s never inflate to more than 8 MiB', async (encoding, payload) => {
    const header = { ...options, format: 'runway/2', keyId: 1, encoding } as const;
    const { key: _, ...written } = { ...header, count: 1, signature: sign({ header, payload }, key) };
    const data = Buffer.concat([Buffer.from(`${JSON.stringify(written)}\n`), payload]);
    expect(await causeOf(streamRecord(data))).toBe('payload-too-large');
  });

  const codesOf = async (payload: unknown, count: number) => {
    const { events, rejected } = await openRecord(opening, sealed(payload, count));
    const codes = rejected.map(({ index, problems }) => `${index} ${problems.map(({ code }) => code).join()}`);
    return { good: events.map(({ position }) => position.index), codes };
  };
  const five = { ...row, predictionId: ids.slice(0, 5) };

  it.each([
    ['a number too large for a double', '1e999', 'not-finite'],
    ["Python's NaN", 'NaN', 'not-finite'],
    ["Python's -Infinity", '-Infinity', 'not-finite'],
    ['text', '"x"', 'wrong-type'],
    ['an object without text', '{"toString":1,"valueOf":1}', 'wrong-type'],
    ['nothing', 'null', 'feature-missing'],
    ['an array a thousand levels deep', `${'['.repeat(1_000)}${']'.repeat(1_000)}`, 'wrong-type'],
    ['an array a hundred thousand levels deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'wrong-type'],
  ])('with %s among numbers lose that row only', async (_case, value, code) => {
    const features = `{"distance":[1,2,${value},4,5],"origin":"NaN, not Infinity","lateRate":0}`;
    const text = JSON.stringify({ predictions: { ...five, features: 'F' } }).replace('"F"', features);
    expect(await codesOf(text, 5)).toEqual({ good: [0, 1, 3, 4], codes: [`2 ${code}`] });
  });

  it.each([
    ['another bucket', { predictionId: [...ids.slice(0, 2), 'p3', ...ids.slice(3, 5)] }, 'wrong-bucket'],
    ['the future', { predictedAt: [millis, millis, 4e12, millis, millis] }, 'predicted-in-future'],
    ['a time beyond all calendars', { predictedAt: [millis, millis, 9e15, millis, millis] }, 'wrong-type'],
    ['a version nobody registered', { modelVersion: [1, 1, 7, 1, 1] }, 'unknown-model-version'],
    ['an unknown field', { note: [null, null, 'x', null, null] }, 'unknown-field'],
    ['a shadow of no version', { shadows: { x: [null, null, 0.5, null, null] } }, 'wrong-type'],
    ['itself in shadow', { shadows: { 1: [null, null, 0.5, null, null] } }, 'duplicate-shadow'],
  ])('with a row of %s keep the others', async (_case, change, code) => {
    expect(await codesOf({ predictions: { ...five, ...change } }, 5)).toEqual({
      good: [0, 1, 3, 4],
      codes: [`2 ${code}`],
    });
  });

  it('named after what every object inherits are unknown features', async () => {
    const features = '{"distance":1,"origin":"JFK","lateRate":0,"__proto__":[null,1],"constructor":[1,null]}';
    const text = JSON.stringify({ predictions: { ...row, predictionId: ['p1', 'p5'], features: 'F' } });
    expect((await codesOf(text.replace('"F"', features), 2)).codes).toEqual([
      '0 feature-not-in-schema',
      '1 feature-not-in-schema',
    ]);
  });

  it('put a rejected row aside as an object, cut where it is long or deep', async () => {
    const deep = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`);
    const payload = { predictions: { ...row, predictionId: ['p1'], score: deep, rolloutId: 'r'.repeat(5_000) } };
    const { rejected } = await openRecord(opening, sealed(payload, 1));
    expect(rejected[0]!.record).toEqual({
      predictionId: 'p1',
      modelId: 'late-live',
      modelVersion: 1,
      predictedAt: morning,
      score: [[['[…]']]],
      features: row.features,
      rolloutId: `${'r'.repeat(1_000)}…`,
    });
  });

  it('are counted with their kinds in order: predictions first', async () => {
    const [data] = packColumns([observed('p1', { label: 3 }), predicted('p5', { score: 3 }), observed('p9')], options);
    const { events, rejected } = await openRecord(opening, streamRecord(data!));
    expect(rejected.map(({ index }) => index)).toEqual([0, 1]);
    expect(events.map(({ event, position }): [JoinInput['kind'], number] => [event.kind, position.index])).toEqual([
      ['outcome', 2],
    ]);
  });
});
