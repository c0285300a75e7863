import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOfRows, type FeatureColumns } from '../../../shared/domain/ground-truth/feature-columns.ts';
import { addColumnsToProfile, addToProfile, emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';

const baseline = {
  features: { origin: { kind: 'categorical', categories: ['JFK', 'LAX'], others: ['ORD'], counts: [5, 3, 1] } },
  scores: { kind: 'numeric', boundaries: [{ value: 0.5, test: 'ge' }], counts: [1, 1] },
  segments: [{ name: 'new-york', feature: 'origin', values: ['JFK'] }],
} as unknown as Parameters<typeof addToProfile>[1];

/** As a producer's texts and codes are read. */
function codedColumns(origins: readonly (string | null)[]): FeatureColumns {
  const texts = [...new Set(origins)].filter((origin) => origin !== null);
  const codes = Int32Array.from(origins, (origin) => (origin === null ? -1 : texts.indexOf(origin)));
  return new Map([['origin', { kind: 'texts', values: origins, coded: { texts, codes } }]]);
}

describe('texts that come as codes', () => {
  it('are counted as the same texts row by row, whether seen before, unseen or missing', () => {
    const origin = fc.constantFrom('JFK', 'LAX', 'ORD', 'SEA', null);
    fc.assert(
      fc.property(fc.array(fc.record({ origin, score: fc.double({ min: 0, max: 1, noNaN: true }) })), (flights) => {
        const expected = addToProfile(
          emptyProfile,
          baseline,
          flights.map((flight) => ({ features: { origin: flight.origin }, score: flight.score })),
        );
        const rest = {
          rows: [...flights.keys()],
          scores: flights.map(({ score }) => score),
          outside: flights.map(() => false),
        };
        const columns = [
          codedColumns(flights.map((flight) => flight.origin)),
          columnsOfRows(flights.map((flight) => ({ origin: flight.origin }))),
        ];
        for (const each of columns)
          expect(addColumnsToProfile(emptyProfile, baseline, [{ columns: each, ...rest }])).toEqual(expected);
      }),
      { numRuns: 200, seed: 20_010_122 },
    );
  });
});
