import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, entryBytes, maximumPartBytes } from '../../../shared/domain/ground-truth/segment.ts';
import { decodePart, encodePart } from '../../../shared/domain/ground-truth/segment-codec.ts';

const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const version = fc.integer({ min: 1, max: 1_000_000 });
const truth = fc.record(
  { observedAt: moment, label: number, businessValue: number },
  { requiredKeys: ['observedAt', 'label'] },
);
const prediction = fc.record(
  {
    version,
    predictedAt: moment,
    score: number,
    shadows: fc.array(fc.record({ version, score: number }), { maxLength: 4 }),
    rolloutId: fc.string({ minLength: 1, maxLength: 128, unit: 'binary' }),
  },
  { requiredKeys: ['version', 'predictedAt', 'score', 'shadows'] },
);
const predictionId = fc.string({ minLength: 1, maxLength: 128, unit: 'binary' });
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ predictionId, prediction, truth }, { requiredKeys: ['predictionId', 'prediction'] }),
  fc.record({ predictionId, waiting: fc.array(truth, { minLength: 1, maxLength: 16 }) }),
);
const entries = fc.uniqueArray(entry, { maxLength: 30, selector: (one) => one.predictionId });

function partOf(all: readonly Entry[]) {
  const bytes = all.reduce((sum, one) => sum + entryBytes(one), 0);
  return { entries: new Map(all.map((one) => [one.predictionId, one])), bytes };
}

describe('a part', () => {
  it('comes back from its stored form with everything, to the last bit', () => {
    const law = fc.property(entries, (all) => {
      expect(decodePart(encodePart(partOf(all)))).toEqual(partOf(all));
    });
    fc.assert(law);
  });

  it('never takes more than its entries announce', () => {
    const law = fc.property(entries, (all) => {
      const part = partOf(all);
      expect(encodePart(part).length).toBeLessThanOrEqual(part.bytes + 100);
    });
    fc.assert(law);
  });

  it('announces room for the other side of an entry', () => {
    const law = fc.property(predictionId, prediction, truth, (id, known, outcome) => {
      const rolloutId = known.rolloutId?.slice(0, 20);
      const half = { predictionId: id, prediction: { ...known, ...(rolloutId && { rolloutId }) } };
      expect(entryBytes({ ...half, truth: outcome })).toBe(entryBytes(half));
    });
    fc.assert(law);
  });

  it('of an ordinary hour is small: 1,000 predictions with outcomes take less than 60 kB', () => {
    const all = Array.from({ length: 1_000 }, (_, i): Entry => {
      const predictedAt = 980_143_200_000 + i * 3_600;
      const known = { version: 3, predictedAt, score: Math.sin(i) ** 2, shadows: [] };
      return {
        predictionId: `2001-01-22-AA${i}-JFK`,
        prediction: known,
        truth: { observedAt: predictedAt + 9_000_000, label: i % 2 },
      };
    });
    expect(encodePart(partOf(all)).length).toBeLessThan(60_000);
    expect(partOf(all).bytes).toBeLessThan(maximumPartBytes);
  });
});
