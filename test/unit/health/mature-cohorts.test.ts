import { describe, expect, it } from 'vitest';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { matureCohorts } from '../../../shared/domain/health/mature-cohorts.ts';

const cohort = (attributed: number, predictions = 100) => ({
  predictions,
  ...(attributed > 0 && {
    performance: performanceOf(
      'binary',
      Array.from({ length: attributed }, (_, i) => ({ score: 0.5, label: i % 2 })),
    ),
  }),
});

describe('matureCohorts', () => {
  it('waits for days whose labels are fewer than nine tenths of the usual share', () => {
    const { blocks, maturity, immature } = matureCohorts([cohort(80), cohort(80), cohort(80), cohort(71), cohort(73)]);
    expect(blocks.map(({ n }) => n)).toEqual([80, 80, 80, 73]);
    expect(maturity).toBeCloseTo(313 / 320, 12);
    expect(immature).toBe(1);
  });

  it('judges by shares, not by the number of predictions', () => {
    expect(matureCohorts([cohort(80), cohort(8, 10), cohort(80)])).toMatchObject({ immature: 0, maturity: 1 });
  });

  it('has nothing mature where no label has come', () => {
    expect(matureCohorts([cohort(0), cohort(0)])).toMatchObject({ blocks: [], maturity: null, immature: 2 });
    expect(matureCohorts([])).toMatchObject({ blocks: [], maturity: null, immature: 0 });
  });
});
