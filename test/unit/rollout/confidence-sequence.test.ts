import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFactor, sequenceHalfWidth } from '../../../shared/domain/rollout/confidence-sequence.ts';
import { normal, uniform } from './seeded.ts';

// Nine tenths of the level are for effects about the margin: 0.025.
const terms = { significance: 0.025 / 0.9, margin: 0.03 };
const many = Number.POSITIVE_INFINITY;
const widthAt = (standardError: number, freedom = many, of = terms) =>
  sequenceHalfWidth({ standardError, freedom }, of) / standardError;

describe('sequenceHalfWidth', () => {
  it('is that of the published formula at the sample it plans for', () => {
    // r = 5.991 + ln 6.991 = 7.936 (-2 ln 0.05 = 5.991); q = 1 + √8.936 / 0.05 = 60.79; √(1.126 · 2 · ln 60.79) = 3.0414.
    const planned = 0.03 / 3.0414;
    expect(widthAt(planned)).toBeCloseTo(3.0414, 3);
    expect(sampleFactor(planned, terms)).toBeCloseTo(1, 3);
  });

  it('costs less than 2.5 times the rows of one look at a known time', () => {
    expect((widthAt(0.03 / 3.0414) / 1.96) ** 2).toBeLessThan(2.5);
  });

  it('is narrowest, in the root of the sample, about where the step is decided', () => {
    const planned = 0.03 / 3.0414;
    const at = (factor: number) => widthAt(planned / Math.sqrt(factor));
    for (const factor of [0.1, 0.3, 3, 10, 100]) expect(at(factor)).toBeGreaterThan(0.995 * at(1));
  });

  it('shrinks as the sample grows, and grows as the level falls and as blocks become few', () => {
    const standardError = fc.double({ min: 1e-5, max: 1, noNaN: true });
    fc.assert(
      fc.property(standardError, standardError, fc.integer({ min: 2, max: 500 }), (one, other, freedom) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)];
        const width = (standardError: number, of = terms, on = freedom) =>
          sequenceHalfWidth({ standardError, freedom: on }, of);
        expect(width(small, terms, many)).toBeLessThanOrEqual(width(large, terms, many));
        // The bound on gross effects is tuned to the number of blocks, and may grow with it by next to nothing.
        expect(1.01 * width(large)).toBeGreaterThanOrEqual(width(large, terms, freedom + 1));
        expect(width(large)).toBeGreaterThanOrEqual(width(large, { ...terms, significance: 0.05 }));
      }),
    );
  });

  it('sees a gross effect with few blocks, long before the margin could be told from nothing', () => {
    expect(sequenceHalfWidth({ standardError: 0.12, freedom: 11 }, terms)).toBeLessThan(0.75);
    expect(sampleFactor(0.12, terms)).toBeGreaterThan(100);
    // Six times the loss, hours that vary as much: no margin is needed to see that.
    expect(widthAt(1, 23)).toBeLessThan(5);
  });

  it('tends to that of a known variance, and allows no bound from next to nothing', () => {
    expect(widthAt(0.01, 1e7)).toBeCloseTo(widthAt(0.01), 4);
    expect(widthAt(0.01, 0)).toBe(many);
    expect(widthAt(0.05, 1)).toBe(many);
    expect(sequenceHalfWidth({ standardError: 0, freedom: 3 }, terms)).toBe(0);
  });

  it('is crossed by 60 normal blocks, looked at from the second on, less often than the level says', () => {
    const noise = normal(uniform(3));
    const of = { significance: 0.05, margin: 0.5 };
    let crossings = 0;
    for (let run = 0; run < 2_000; run += 1) crossings += isCrossed(noise, of) ? 1 : 0;
    expect(crossings / 2_000).toBeLessThan(0.05);
    expect(crossings).toBeGreaterThan(10);
  });
});

function isCrossed(noise: () => number, of: typeof terms): boolean {
  let [sum, squares] = [0, 0];
  for (let n = 1; n <= 60; n += 1) {
    const value = noise();
    sum += value;
    squares += value ** 2;
    if (n === 1) continue;
    const standardError = Math.sqrt((squares - sum ** 2 / n) / (n - 1) / n);
    if (sum / n > sequenceHalfWidth({ standardError, freedom: n - 1 }, of)) return true;
  }
  return false;
}
