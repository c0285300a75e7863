import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a } from '../../../shared/domain/ground-truth/fnv1a.ts';
import {
  isInSample,
  type SamplingHour,
  sampleHash,
  samplingHourAt,
  withPrediction,
} from '../../../shared/domain/ground-truth/sampling.ts';
import { bucketOf } from '../../../shared/domain/ground-truth/wire-format.ts';

const ids = Array.from({ length: 40_000 }, (_, i) => `2001-01-22-N${i}-JFK`);
const hour = 3_600_000;

describe('fnv1a', () => {
  it('agrees with its authors on text of any script', () => {
    // http://www.isthe.com/chongo/tech/comp/fnv/
    expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
    const bytewise = (text: string) => {
      let hash = 0x811c9dc5n;
      for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
      return Number(hash);
    };
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fnv1a(text) === bytewise(text)));
  });
});

describe('the sample', () => {
  it('is the finalizer of MurmurHash3 over the hash of the bucket', () => {
    // fmix32(0) = 0 and fmix32(1) = 0x514e28b7 of the reference implementation; `ratio` 0.5 splits the range in two.
    expect(sampleHash('a')).toBe(referenceFinalizer(0xe40c292cn));
    expect(referenceFinalizer(1n)).toBe(0x514e28b7);
  });

  it.each([0.5, 0.1, 0.01])('has a share of %d of all ids, in every bucket', (ratio) => {
    for (const bucket of [0, 1, 2, 3]) {
      const own = ids.filter((id) => bucketOf(id, 4) === bucket);
      const share = own.filter((id) => isInSample(id, ratio)).length / own.length;
      // Five standard errors of a binomial share.
      expect(Math.abs(share - ratio)).toBeLessThan(5 * Math.sqrt((ratio * (1 - ratio)) / own.length));
    }
  });

  it('contains every smaller one, and is all at ratio 1', () => {
    expect(ids.every((id) => isInSample(id, 1))).toBe(true);
    expect(ids.filter((id) => isInSample(id, 0.1)).every((id) => isInSample(id, 0.2))).toBe(true);
  });
});

describe('the cap of an hour', () => {
  const limits = { ratio: 0.8, maximumPerHour: 1_000 };

  function serve(count: number, at: number, before?: SamplingHour) {
    let held = samplingHourAt(before, limits, at);
    let sent = 0;
    let weighted = 0;
    for (const id of ids.slice(0, count)) {
      held = samplingHourAt(held, limits, at);
      const { ratio } = held;
      const isSampled = isInSample(`${at} ${id}`, ratio);
      if (isSampled) {
        sent += 1;
        weighted += 1 / ratio;
      }
      held = withPrediction(held, limits, isSampled);
    }
    return { held, sent, weighted };
  }

  it('halves the ratio for the rest of the hour when it is reached', () => {
    expect(serve(1_000, 0).held.ratio).toBe(0.8);
    const { held, sent, weighted } = serve(40_000, 0);
    expect(held.ratio).toBe(0.8 / 64);
    // Half the maximum for each halving after the first thousand.
    expect(sent).toBeLessThan(1_000 + 6 * 500 + 500);
    expect(Math.abs(weighted / 40_000 - 1)).toBeLessThan(0.05);
  });

  it('begins an hour with the ratio at which the one before would have stayed below it', () => {
    const { held } = serve(40_000, 0);
    const next = serve(40_000, hour, held);
    expect(next.held.ratio).toBe(0.8 / 32);
    expect(next.sent).toBeLessThanOrEqual(1_000 + 100);
    expect(samplingHourAt(next.held, limits, 3 * hour).ratio).toBe(0.8);
  });

  it('counts what comes late in the hour it is at', () => {
    const held = samplingHourAt(undefined, limits, 5 * hour);
    expect(samplingHourAt(held, limits, 4 * hour)).toBe(held);
  });
});

function referenceFinalizer(value: bigint): number {
  let h = value;
  const mask = 0xffffffffn;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & mask;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & mask;
  h ^= h >> 16n;
  return Number(h);
}
