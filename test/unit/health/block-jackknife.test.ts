import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockJackknife } from '../../../shared/domain/health/block-jackknife.ts';

type Sum = { readonly n: number; readonly sum: number };

function testOf(blocks: readonly Sum[], alternative: 'greater' | 'two-sided' = 'two-sided') {
  return blockJackknife({
    blocks,
    merge: (left, right) => ({ n: left.n + right.n, sum: left.sum + right.sum }),
    statistic: ({ n, sum }) => (n === 0 ? null : sum / n),
    alternative,
  });
}

const single = (value: number): Sum => ({ n: 1, sum: value });

describe('blockJackknife', () => {
  it("is Student's t-test for means of equal blocks (Student 1908, sleep data: t 4.0621, df 9, p 0.002833)", () => {
    const test = testOf([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4].map(single));
    expect(test.value).toBeCloseTo(1.58, 12);
    expect(test.pValue).toBeCloseTo(0.002833, 6);
  });

  it('halves the p-value when only one direction counts', () => {
    const blocks = [0.2, 0.1, 0.4, 0.3].map(single);
    const both = testOf(blocks).pValue ?? 0;
    expect(testOf(blocks, 'greater').pValue).toBeCloseTo(both / 2, 15);
    expect(
      testOf(
        blocks.map(({ sum }) => single(-sum)),
        'greater',
      ).pValue,
    ).toBeCloseTo(1 - both / 2, 15);
  });

  it('weighs blocks by their rows', () => {
    expect(testOf([{ n: 98, sum: 98 }, single(0), single(0)]).value).toBeCloseTo(0.98, 12);
  });

  it('says what is missing below three blocks, and where one block makes the statistic', () => {
    expect(testOf([single(1), single(1)])).toMatchObject({ value: null, reason: 'needs 3 day blocks, has 2' });
    expect(testOf([])).toMatchObject({ value: null });
    expect(testOf([single(1), { n: 0, sum: 0 }, { n: 0, sum: 0 }])).toMatchObject({
      value: null,
      reason: 'a single day makes the metric defined',
    });
  });

  it('has no doubt about equal blocks', () => {
    expect(testOf([0.5, 0.5, 0.5].map(single)).pValue).toBe(0);
    expect(testOf([0, 0, 0].map(single)).pValue).toBe(1);
    expect(testOf([-0.5, -0.5, -0.5].map(single), 'greater').pValue).toBe(1);
  });

  it('gives a p-value in 0..1 whatever the blocks, and the same in every order', () => {
    const block = fc.record({ n: fc.integer({ min: 1, max: 1_000 }), sum: fc.integer({ min: -1_000, max: 1_000 }) });
    fc.assert(
      fc.property(fc.array(block, { minLength: 3, maxLength: 12 }), (blocks) => {
        const { pValue } = testOf(blocks);
        expect(pValue !== null && pValue >= 0 && pValue <= 1).toBe(true);
        expect(testOf(blocks.toReversed()).pValue).toBeCloseTo(pValue ?? -1, 6);
      }),
    );
  });
});
