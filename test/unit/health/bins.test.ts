import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binCount, binIndex, categoricalBins, numericBins } from '../../../shared/domain/health/bins.ts';

function countsOf(bins: ReturnType<typeof numericBins>, values: readonly number[]): readonly number[] {
  const counts = Array.from({ length: binCount(bins) }, () => 0);
  for (const value of values) {
    const index = binIndex(bins, value);
    if (typeof index === 'number') counts[index]! += 1;
  }
  return counts;
}

describe('numericBins', () => {
  // Expected figures: edge-cases/cases.json of the public statistics oracles.
  it('cuts at the type 7 deciles (pub-num-on-the-edges)', () => {
    const bins = numericBins(Array.from({ length: 110 }, (_, i) => i));
    const values = bins.kind === 'numeric' ? bins.boundaries.map(({ value }) => value) : [];
    [10.9, 21.8, 32.7, 43.6, 54.5, 65.4, 76.3, 87.2, 98.1].forEach((edge, i) => {
      expect(values[i]).toBeCloseTo(edge, 12);
    });
  });

  it('interpolates from the nearer neighbour (pub-num-tiny-5-vs-5)', () => {
    const bins = numericBins([0.35659, 0.294258, 0.243231, 0.204255, 0.168105]);
    const edges = [0.182565, 0.197025, 0.2120502, 0.2276406, 0.243231, 0.2636418, 0.2840526, 0.3067244];
    expect(bins.kind === 'numeric' && bins.boundaries.map(({ value }) => value)).toEqual([
      ...edges,
      0.33165720000000004,
    ]);
    expect(countsOf(bins, [0.339185, 0.435436, 0.531389, 0.553853, 0.639691])).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
  });

  it('gives a value that is several deciles a bin of its own, so that its ends are seen (pub-num-constant-same)', () => {
    const bins = numericBins(Array.from({ length: 50 }, () => 0.204255));
    expect(bins).toEqual({
      kind: 'numeric',
      boundaries: [
        { value: 0.204255, test: 'ge' },
        { value: 0.204255, test: 'gt' },
      ],
    });
    expect(countsOf(bins, [0.1, 0.204255, 0.3])).toEqual([1, 1, 1]);
  });

  it('puts an edge into the upper bin, and leaves the outer bins open', () => {
    const bins = numericBins(Array.from({ length: 11 }, (_, i) => i));
    expect([-1e300, 0.999, 1, 8.9, 9, 1e300].map((value) => binIndex(bins, value))).toEqual([0, 0, 1, 8, 9, 9]);
  });

  it('has one bin when there is no value', () => {
    expect(binCount(numericBins([]))).toBe(1);
    expect(binCount(numericBins([Number.NaN, Number.POSITIVE_INFINITY]))).toBe(1);
  });

  it('counts every finite value in one of its bins, and the reference fills them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.array(fc.double({ noNaN: true })),
        (reference, current) => {
          const bins = numericBins(reference);
          const finite = (values: readonly number[]) => values.filter(Number.isFinite).length;
          expect(countsOf(bins, reference).reduce((a, b) => a + b)).toBe(finite(reference));
          expect(countsOf(bins, current).reduce((a, b) => a + b)).toBe(finite(current));
          expect(binCount(bins)).toBeLessThanOrEqual(14);
        },
      ),
    );
  });
});

describe('binIndex', () => {
  const delays = numericBins([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('takes %s for missing', (value) => {
    expect(binIndex(delays, value)).toBe('missing');
  });

  it('takes text for a number as unseen, and a boolean as 0 or 1', () => {
    expect(binIndex(delays, 'late')).toBe('unseen');
    expect(binIndex(delays, true)).toBe(binIndex(delays, 1));
  });
});

describe('categoricalBins', () => {
  const airports = categoricalBins(['JFK', 'ORD', 'ORD', 'LAX', 'LAX', 'ANC', 'BIL'], 3);

  it('keeps the most frequent categories, ties by code point', () => {
    expect(airports).toEqual({ kind: 'categorical', categories: ['LAX', 'ORD', 'ANC'], others: ['BIL', 'JFK'] });
  });

  it('counts the rarer known ones together and the unknown ones apart', () => {
    expect(['LAX', 'JFK', 'BIL', 'HNL', '', null].map((value) => binIndex(airports, value))).toEqual([
      0,
      3,
      3,
      'unseen',
      'unseen',
      'missing',
    ]);
    expect(binCount(airports)).toBe(4);
  });

  it('has no bin for others when every category has its own', () => {
    expect(binCount(categoricalBins(['a', 'b']))).toBe(2);
    expect(binCount(categoricalBins([]))).toBe(0);
  });

  it('knows categories that are names of object members, and numbers as text', () => {
    const bins = categoricalBins(['__proto__', 'constructor', 'toString', '7']);
    expect([binIndex(bins, '__proto__'), binIndex(bins, 'hasOwnProperty'), binIndex(bins, 7)]).toEqual([
      1,
      'unseen',
      0,
    ]);
  });
});
