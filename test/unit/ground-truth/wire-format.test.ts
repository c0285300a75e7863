import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  type PackOptions,
  pack,
  readEvents,
  unpack,
  verify,
  type WireRecord,
} from '../../../shared/domain/ground-truth/wire-format.ts';
import { mayWriteFor, writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import { observed, predicted } from './fixtures/models.ts';

const key = writerKey('root secret', 'flights/gate');
const options: PackOptions = { writer: 'flights/gate', key, modelId: 'late-live', bucket: 0 };

function opened(data: Uint8Array): WireRecord {
  const record = unpack(data);
  if (!record.ok) throw new Error(record.reason);
  return record.value;
}

function eventsOf(data: Uint8Array): readonly unknown[] {
  const events = readEvents(opened(data));
  if (!events.ok) throw new Error(events.reason);
  return events.value.map((event) => (event.ok ? event.value : event.code));
}

/** All but the count, which is not signed; two base64 texts may stand for the same signature. */
function signedBytes({ header: { count, signature, ...signed }, payload }: WireRecord): string {
  return [
    JSON.stringify(signed),
    Buffer.from(signature, 'base64').toString('hex'),
    Buffer.from(payload).toString('hex'),
  ].join();
}

const anyEvent = fc.record({
  kind: fc.constantFrom('prediction' as const, 'outcome' as const),
  record: fc.record({
    predictionId: fc.string({ unit: 'binary' }),
    text: fc.string({ maxLength: 300 }),
    x: fc.double(),
  }),
});

describe('packed records', () => {
  it('give back the events in their order, all signed, none above the target', () => {
    const law = fc.property(
      fc.array(anyEvent, { minLength: 1, maxLength: 40 }),
      fc.constantFrom('identity' as const, 'gzip' as const),
      fc.integer({ min: 800, max: 30_000 }),
      (events, encoding, targetBytes) => {
        const records = pack(events, { ...options, encoding, targetBytes });
        expect(records.flatMap(eventsOf)).toEqual(JSON.parse(JSON.stringify(events)));
        for (const record of records) {
          expect(verify(opened(record), key)).toBe(true);
          expect(record.length <= targetBytes || opened(record).header.count === 1).toBe(true);
        }
      },
    );
    fc.assert(law, { numRuns: 60 });
  });

  it('lose their signature with any changed bit of what is signed', () => {
    const [record] = pack([predicted('p1'), observed('p1')], options);
    const law = fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const bent = Uint8Array.from(record!);
      bent[at % bent.length]! ^= bits;
      const reopened = unpack(bent);
      if (!reopened.ok) return;
      const { header, payload } = reopened.value;
      const original = opened(record!);
      const isSame = signedBytes({ header, payload }) === signedBytes(original);
      // The count is not signed, it is compared with the lines.
      expect(verify(reopened.value, key)).toBe(isSame);
      if (isSame) expect(readEvents(reopened.value).ok).toBe(header.count === original.header.count);
    });
    fc.assert(law, { numRuns: 400 });
  });

  it('take another key for another writer', () => {
    const [record] = pack([predicted('p1')], options);
    expect(verify(opened(record!), writerKey('root secret', 'flights/other'))).toBe(false);
    expect(verify(opened(record!), writerKey('other secret', 'flights/gate'))).toBe(false);
  });

  it('fill the billing unit of 25 kB by default', () => {
    const events = Array.from({ length: 3_000 }, (_, i) => predicted(`flight ${i}`, { score: Math.sin(i) ** 2 }));
    const sizes = pack(events, options).map((record) => record.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(25_000);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('refuse an event that fits no record', () => {
    const noise = Array.from({ length: 90_000 }, (_, i) => String.fromCharCode(33 + ((i * i * 7_919) % 90)));
    const huge = { kind: 'outcome', record: { text: noise.join('').repeat(3) } } as const;
    expect(() => pack([huge], { ...options, encoding: 'identity' })).toThrow(RangeError);
  });
});

describe('a record that cannot be read', () => {
  const [good] = pack([predicted('p1'), observed('p1')], { ...options, encoding: 'identity' });
  const withHeader = (change: object) => {
    const { header, payload } = opened(good!);
    return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, ...change })}\n`), payload]);
  };

  it.each([
    ['no line feed', Buffer.from('nothing'), 'header-missing'],
    ['a line feed too late', Buffer.concat([Buffer.alloc(2_000, 32), good!]), 'header-missing'],
    ['a header that is not JSON', Buffer.from('{"format":\n'), 'header-malformed'],
    ['another format', withHeader({ format: 'runway/2' }), 'header-malformed'],
    ['a writer without team', withHeader({ writer: 'gate' }), 'header-malformed'],
    ['a bucket below 0', withHeader({ bucket: -1 }), 'header-malformed'],
    ['an unknown encoding', withHeader({ encoding: 'zstd' }), 'header-malformed'],
    ['a field too many', withHeader({ note: 'x' }), 'header-malformed'],
    ['a signature of another length', withHeader({ signature: 'AAAA' }), 'header-malformed'],
  ])('%s is %s', (_case, data, code) => {
    expect(unpack(data)).toMatchObject({ ok: false, code });
  });

  it.each([
    ['fewer lines than announced', { count: 3 }, 'count-mismatch'],
    ['text where gzip was announced', { encoding: 'gzip' }, 'payload-undecodable'],
  ])('%s are refused', (_case, change, code) => {
    expect(readEvents(opened(withHeader(change)))).toMatchObject({ ok: false, code });
  });

  it('never inflates more than 8 MiB', () => {
    const { header } = opened(good!);
    const bomb = gzipSync(Buffer.alloc(9 * 1_024 * 1_024, 97));
    expect(bomb.length).toBeLessThan(10_000);
    const read = readEvents({ header: { ...header, encoding: 'gzip' }, payload: bomb });
    expect(read).toMatchObject({ ok: false, code: 'payload-too-large' });
  });

  it('is refused when it is not UTF-8', () => {
    const { header } = opened(good!);
    const read = readEvents({ header, payload: Buffer.of(0xff, 0xfe, 0x0a) });
    expect(read).toMatchObject({ ok: false, code: 'payload-undecodable' });
  });

  it('keeps its good lines when one is not JSON', () => {
    const { header, payload } = opened(good!);
    const bent = Buffer.from(Buffer.from(payload).toString().replace('{"kind":"outcome"', '{"kind":outcome'));
    const read = readEvents({ header, payload: bent });
    expect(read.ok && read.value.map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('bucketOf', () => {
  it('is FNV-1a of 32 bit, modulo', () => {
    // Vectors of the function's authors, http://www.isthe.com/chongo/tech/comp/fnv/
    expect(bucketOf('a', 2 ** 32)).toBe(0xe40c292c);
    expect(bucketOf('foobar', 2 ** 32)).toBe(0xbf9cf968);
    expect(bucketOf('foobar', 10)).toBe(0xbf9cf968 % 10);
  });
});

describe('mayWriteFor', () => {
  it('lets a writer write for its own team and the API for all', () => {
    expect(mayWriteFor('flights/gate', 'flights')).toBe(true);
    expect(mayWriteFor('flights/gate', 'hotels')).toBe(false);
    expect(mayWriteFor('flights-2/gate', 'flights')).toBe(false);
    expect(mayWriteFor('runway/api', 'hotels')).toBe(true);
    expect(mayWriteFor('runway/api.4f1c', 'hotels')).toBe(true);
  });
});
