import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';
import { createProfileAccumulator } from '../../../shared/domain/ground-truth/profile-accumulator.ts';
import type { Bins } from '../../../shared/domain/health/baseline.ts';
import { binCount, binIndex } from '../../../shared/domain/health/bins.ts';
import { compiledBins, type FeatureValue, slotOf } from '../../../shared/domain/health/compiled-bins.ts';

/** The definition of a bin's index as `Bins` words it, boundary by boundary. */
function definedIndex(bins: Bins, value: FeatureValue): number | 'missing' | 'unseen' {
  if (value === null || value === undefined) return 'missing';
  if (bins.kind === 'categorical') {
    const own = bins.categories.indexOf(String(value));
    if (own >= 0) return own;
    return bins.others?.includes(String(value)) ? bins.categories.length : 'unseen';
  }
  if (typeof value === 'string') return 'unseen';
  if (!Number.isFinite(Number(value))) return 'missing';
  return bins.boundaries.filter((edge) =>
    edge.test === 'ge' ? Number(value) >= edge.value : Number(value) > edge.value,
  ).length;
}

const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const edge = fc.record({ value: numbers, test: fc.constantFrom('ge', 'gt', 'atom') });
const numericBins: fc.Arbitrary<Bins> = fc
  .uniqueArray(edge, { selector: ({ value }) => value + 0, maxLength: 12 })
  .map((edges) => ({
    kind: 'numeric',
    boundaries: edges
      .sort((a, b) => a.value - b.value)
      .flatMap(({ value, test }) =>
        test === 'atom'
          ? [
              { value, test: 'ge' as const },
              { value, test: 'gt' as const },
            ]
          : [{ value, test: test === 'ge' ? ('ge' as const) : ('gt' as const) }],
      ),
  }));
const words = fc.constantFrom('a', 'b', 'c', '1', 'true', '__proto__', 'toString', '', 'NaN');
const categoricalBins: fc.Arbitrary<Bins> = fc
  .tuple(fc.uniqueArray(words), fc.nat(9), fc.boolean())
  .map(([all, own, hasOthers]) => ({
    kind: 'categorical',
    categories: all.slice(0, own),
    ...(hasOthers && { others: all.slice(own) }),
  }));
const someBins = fc.oneof(numericBins, categoricalBins);
const values: fc.Arbitrary<FeatureValue> = fc.oneof(
  numbers,
  words,
  fc.string(),
  fc.boolean(),
  fc.constantFrom(null, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

/** Values, and those that lie on the boundaries and beside them. */
function probes(bins: Bins, drawn: readonly FeatureValue[]): readonly FeatureValue[] {
  if (bins.kind === 'categorical') return [...drawn, ...bins.categories];
  return [...drawn, ...bins.boundaries.flatMap(({ value }) => [value, value * (1 + 2 ** -52), value * (1 - 2 ** -53)])];
}

describe('compiledBins', () => {
  it('names the bin that the definition names, on every boundary, beside it and far away', () => {
    fc.assert(
      fc.property(someBins, fc.array(values), (bins, drawn) => {
        for (const value of probes(bins, drawn)) expect(binIndex(bins, value)).toBe(definedIndex(bins, value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has a slot for each bin, one for what is missing and one for what is unseen', () => {
    fc.assert(
      fc.property(someBins, fc.array(values), (bins, drawn) => {
        const compiled = compiledBins(bins);
        expect(compiled).toMatchObject({ missing: binCount(bins), slots: binCount(bins) + 2 });
        for (const value of drawn) expect(slotOf(compiled, value)).toBeLessThan(compiled.slots);
      }),
    );
  });
});

describe('createProfileAccumulator', () => {
  it('counts each value where its index says, and adds to what was held', () => {
    const rowsOf = fc.array(fc.record({ features: fc.record({ x: values, y: values }), score: numbers }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(someBins, someBins, numericBins, rowsOf, fc.nat(20), (x, y, scores, rows, cut) => {
        const baseline = { features: { x, y }, scores };
        const counted = (part: typeof rows, held = emptyProfile) => {
          const accumulator = createProfileAccumulator(baseline);
          for (const row of part) accumulator.add(row);
          return accumulator.addedTo(held);
        };
        const all = counted(rows);
        expect(counted(rows.slice(cut), counted(rows.slice(0, cut)))).toEqual(all);
        expect(all.n).toBe(rows.length);
        for (const name of ['x', 'y'] as const) {
          const indexes = rows.map(({ features }) => String(definedIndex(baseline.features[name], features[name])));
          const {
            missing = 0,
            unseen = 0,
            ...bins
          } = Object.fromEntries(
            [...Map.groupBy(indexes, (index) => index)].map(([index, same]) => [index, same.length]),
          );
          expect(all.features[name]).toEqual({ bins, missing, unseen });
        }
      }),
    );
  });
});
