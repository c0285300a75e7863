import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packJson } from '../../../shared/domain/ground-truth/packed-json.ts';
import type { Entry } from '../../../shared/domain/ground-truth/segment.ts';
import { decodeChanges, type EntryChange, encodeChanges } from '../../../shared/domain/ground-truth/segment-codec.ts';
import { findEntry, segmentOf } from '../../../shared/domain/ground-truth/segment-log.ts';

const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
const number = fc.double({ noNaN: true });
const version = fc.integer({ min: 1, max: 1_000_000 });
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 128, unit: 'binary' }),
  // Half of a surrogate pair, which JSON can hold.
  fc.constant('\ud800'),
);
const truth = fc.record(
  {
    observedAt: moment,
    label: number,
    businessValue: number,
    outcomeType: text,
    itemId: text,
    writer: text,
    arrivedAt: moment,
  },
  { requiredKeys: ['observedAt', 'label'] },
);
const prediction = fc.record(
  {
    version,
    predictedAt: moment,
    score: number,
    shadows: fc.array(fc.record({ version, score: number }), { maxLength: 4 }),
    rolloutId: text,
    samplingRatio: fc.double({ min: 0.001, max: 1, noNaN: true }),
    isOutsideSample: fc.constant(true as const),
    segments: fc.integer({ min: 1, max: 1_023 }),
    itemIds: fc.array(text, { minLength: 1, maxLength: 10 }),
  },
  { requiredKeys: ['version', 'predictedAt', 'score', 'shadows'] },
);
const change: fc.Arbitrary<EntryChange> = fc.record(
  {
    predictionId: text,
    prediction,
    truths: fc.array(truth, { maxLength: 16 }),
    isReplaced: fc.constant(true as const),
  },
  { requiredKeys: ['predictionId', 'truths'] },
);

describe('what a commit adds to a segment', () => {
  it('comes back from its stored form with everything, to the last bit', () => {
    const law = fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      expect(decodeChanges(encodeChanges(changes))).toEqual(changes);
    });
    fc.assert(law);
  });

  it('of an ordinary hour is small: 1,000 predictions with outcomes take less than 40 bytes each', () => {
    const all = Array.from({ length: 1_000 }, (_, i): Entry => {
      const predictedAt = 980_143_200_000 + i * 3_600;
      const known = { version: 3, predictedAt, score: Math.sin(i) ** 2, shadows: [] };
      const observedAt = predictedAt + 9_000_000;
      const said = { observedAt, label: i % 2, writer: 'flights/gate', arrivedAt: observedAt + 60_000 };
      return { predictionId: `2001-01-22-AA${i}-JFK`, prediction: known, truths: [said] };
    });
    expect(encodeChanges(all).length).toBeLessThan(40_000);
  });

  it('is read as it was written when only the first item of a list was kept', () => {
    const former = Buffer.from('AtAPAQACAnAxAQAFBWZpcnN0ATABAP8AAAAAAADQPwMAAQTQDwEA', 'base64');
    const prediction = { version: 1, predictedAt: 1_000, score: 0.25, shadows: [], segments: 3, topItemId: 'first' };
    const truths = [{ observedAt: 2_000, label: 1, itemId: 'first' }];
    expect(decodeChanges(former)).toEqual([{ predictionId: 'p1', prediction, truths }]);
  });

  it('of predictions without lists takes no byte for them, and of a list one for each item met before', () => {
    const known = { version: 3, predictedAt: 0, score: 1, shadows: [] };
    const entry = (i: number, itemIds?: readonly string[]): Entry => {
      return { predictionId: `${i}`, prediction: { ...known, ...(itemIds && { itemIds }) }, truths: [] };
    };
    const bytesOf = (entries: readonly Entry[]) => encodeChanges(entries).length;
    const items = ['first', 'second', 'third'];
    const bare = bytesOf([entry(0, items), entry(1)]);
    expect(bytesOf([entry(0, items), entry(1, items)])).toBe(bare + 1 + items.length);
    expect(bytesOf([entry(0), entry(1)])).toBeLessThan(50);
  });

  it('that is of no known format is refused', () => {
    expect(() => decodeChanges(Buffer.of(9, 0))).toThrow('format 9, expected 2 or 3');
  });
});

describe('a segment', () => {
  it('is read from parts of before it was a log, and from what was added since', () => {
    const rows = [
      ['p1', [1, 5, 0.25, 2, 0.5], [[7, 1, 3]], 'late-live-o1'],
      ['p2', 0, [[9, 0, null]]],
    ];
    const former = { index: 0, from: 0, to: 0, data: packJson({ base: 1_000, rows }) };
    const former1 = { index: 1, from: 0, to: 0, data: packJson({ base: 0, rows: [['p3', [1, 5, 0.5], []]] }) };
    const segment = segmentOf([former1, former]);
    expect(segment.parts()).toHaveLength(2);
    expect(findEntry(segment, 'p1')).toEqual({
      predictionId: 'p1',
      prediction: {
        version: 1,
        predictedAt: 1_005,
        score: 0.25,
        shadows: [{ version: 2, score: 0.5 }],
        rolloutId: 'late-live-o1',
      },
      truths: [{ observedAt: 1_007, label: 1, businessValue: 3 }],
    });
    expect(findEntry(segment, 'p2')).toEqual({ predictionId: 'p2', truths: [{ observedAt: 1_009, label: 0 }] });
    expect(findEntry(segment, 'p3')).toMatchObject({ prediction: { score: 0.5 } });
  });
});
