import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText } from '../../../shared/domain/ground-truth/decimal-text.ts';
import { columnsOfRows } from '../../../shared/domain/ground-truth/feature-columns.ts';
import { featuresJson } from '../../../shared/domain/ground-truth/features-json.ts';

const decimal = fc.tuple(fc.integer({ min: -3e9, max: 3e9 }), fc.integer({ min: 0, max: 8 }));

describe('the text of a number', () => {
  it('is what String gives, for short decimals', () =>
    fc.assert(
      fc.property(decimal, ([digits, places]) => {
        const value = digits / 10 ** places;
        expect(decimalText(value)).toBe(String(value));
      }),
      { numRuns: 2_000 },
    ));

  it('is what String gives, for any double', () =>
    fc.assert(fc.property(fc.double(), (value) => void expect(decimalText(value)).toBe(String(value)))));

  it.each([0, -0, 200_000, -200_000, 200_000.0001, 0.00005, 1e21, 5e-324])('is what String gives for %s', (value) => {
    expect(decimalText(value)).toBe(String(value));
  });
});

describe('features as JSON', () => {
  it('are read back as what they were, without what is missing', () => {
    const rows = [
      { distance: 733.25, origin: 'JFK "the one"', 'late"rate': null },
      { distance: null, origin: null, 'late"rate': -0.5 },
      { distance: 0, origin: 'JFK "the one"', 'late"rate': 1e-9 },
    ];
    const columns = columnsOfRows(rows);
    expect(rows.map((_, row) => JSON.parse(featuresJson({ columns, row })))).toEqual([
      { distance: 733.25, origin: 'JFK "the one"' },
      { 'late"rate': -0.5 },
      { distance: 0, origin: 'JFK "the one"', 'late"rate': 1e-9 },
    ]);
  });
});
