import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayBin, delayBinStart } from '../../../shared/domain/ground-truth/label-delay.ts';

describe('the bin of a delay', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [0.999, 0],
    [1, 1],
    [2, 5],
    [60, 24],
    [1_440, 42],
  ])('of %d minutes is %d', (minutes, bin) => {
    expect(delayBin(minutes)).toBe(bin);
  });

  it('holds it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 200_000, noNaN: true }), (minutes) => {
        const bin = delayBin(minutes);
        expect(delayBinStart(bin)).toBeLessThanOrEqual(minutes);
        expect(delayBinStart(bin + 1)).toBeGreaterThan(minutes);
      }),
    );
  });

  it('begins where it says', () => {
    for (let bin = 0; bin < 80; bin += 1) expect(delayBin(delayBinStart(bin))).toBe(bin);
  });
});
