import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addExactly, type ExactSum, valueOfSum } from '../../../shared/domain/ground-truth/exact-sum.ts';
import { exactSum } from './fixtures/exact-sum-oracle.ts';

const ordinary = fc.double({ min: -1e200, max: 1e200, noNaN: true });
// Close in size and opposite in sign, where rounding shows.
const nearby = fc.integer({ min: -1_000, max: 1_000 }).map((n) => n / 3 + n * 2 ** -40);
const terms = fc.array(fc.oneof(ordinary, nearby), { maxLength: 40 });

function sumOf(all: readonly number[]): number {
  const sum: ExactSum = [];
  for (const term of all) addExactly(sum, term);
  return valueOfSum(sum);
}

describe('an exact sum', () => {
  it('is the double next to the sum in whole numbers', () => {
    const law = fc.property(terms, (all) => {
      expect(sumOf(all) + 0).toBe(exactSum(all) + 0);
    });
    fc.assert(law);
  });

  it('forgets what was taken away again, in any order', () => {
    const law = fc.property(terms, terms, fc.infiniteStream(fc.nat()), (stay, go, order) => {
      const mixed = [...stay, ...go, ...go.map((term) => -term)]
        .map((term) => ({ term, weight: order.next().value }))
        .sort((a, b) => a.weight - b.weight);
      expect(sumOf(mixed.map(({ term }) => term)) + 0).toBe(exactSum(stay) + 0);
    });
    fc.assert(law);
  });

  it.each([
    [[1e100, 1, -1e100], 1],
    [[0.1, 0.2, 0.3, -0.6], 2.7755575615628914e-17],
    [[1, 2 ** -53, 2 ** -106], 1 + 2 ** -52],
    [[1, 2 ** -53], 1],
    [[], 0],
  ])('of %j is %d', (all, expected) => {
    expect(sumOf(all)).toBe(expected);
  });
});
