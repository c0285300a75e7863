import { describe, expect, it } from 'vitest';
import { judgementOf } from '../../../shared/domain/ground-truth/ranked-list.ts';
import type { Truth } from '../../../shared/domain/ground-truth/segment.ts';

const said = (itemId: string, label: number, change: Partial<Truth> = {}): Truth => {
  return { observedAt: 1, label, itemId, ...change };
};
const judged = (itemIds: readonly string[], truths: readonly Truth[], kind: 'binary' | 'numeric' = 'binary') =>
  judgementOf({ version: 1, predictedAt: 0, score: 1, shadows: [], itemIds }, truths, kind, () => false);

describe('a list', () => {
  it('is judged by what was observed last of each item', () => {
    const truths = [said('a', 1), said('b', 0), said('b', 1, { observedAt: 3 }), said('a', 0, { observedAt: 2 })];
    expect(judged(['a', 'b'], truths)).toEqual(judged(['a', 'b'], [said('b', 1)]));
  });

  it('missed the relevant items that it lacks', () => {
    expect(judged(['a', 'b'], [said('b', 1), said('elsewhere', 1)])).toMatchObject({
      recall: 0.5,
      precision: 0.1,
      averagePrecision: 0.25,
      reciprocalRank: 0.5,
      hit: 1,
    });
  });

  it('finds an item once, where it is first', () => {
    const truths = [said('a', 1)];
    expect(judged(['a', 'a', 'a'], truths)).toEqual(judged(['a', 'b', 'c'], truths));
  });

  it('is not judged by other outcome types, nor by what is said of the prediction as a whole', () => {
    const whole: Truth = { observedAt: 1, label: 1 };
    expect(judged(['a'], [whole, said('a', 1, { outcomeType: 'watch' })])).toBe('no-relevant-item');
  });

  it.each([
    ['the smallest', 5e-324],
    ['the greatest', Number.MAX_VALUE],
  ])('has figures with %s of grades', (_case, grade) => {
    expect(judged(['a'], [said('a', grade), said('b', -1)], 'numeric')).toMatchObject({ ndcg: 1, recall: 1 });
  });

  it('puts the higher grade before the lower one', () => {
    const truths = [said('a', 1), said('b', 3)];
    const gains = (first: number, second: number) => first + second / Math.log2(3);
    expect(judged(['a', 'b'], truths, 'numeric')).toMatchObject({
      ndcg: expect.closeTo(gains(1, 7) / gains(7, 1), 12),
    });
    expect(judged(['a', 'b'], truths)).toMatchObject({ ndcg: 1 });
  });

  it('that is none is not judged', () => {
    const prediction = { version: 1, predictedAt: 0, score: 1, shadows: [], topItemId: 'a' };
    expect(judgementOf(prediction, [said('a', 1)], 'binary', () => false)).toBeUndefined();
  });
});
