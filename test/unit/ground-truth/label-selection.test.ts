import { describe, expect, it } from 'vitest';
import { labelSelectionOf } from '../../../shared/domain/ground-truth/label-selection.ts';
import { scoreBin } from '../../../shared/domain/ground-truth/loss.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { binaryMetricsOf } from '../../../shared/domain/ground-truth/performance-metrics.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';

/** A calibrated model; positives take `positiveMean` minutes, negatives an hour, and everything is asked after two. */
function simulate(positiveMean: number, age: number) {
  const random = seededRandom(11);
  const all: Record<string, number> = {};
  const rows = Array.from({ length: 20_000 }, () => {
    const score = random() ** 2;
    const label = random() < score ? 1 : 0;
    all[scoreBin(score)] = (all[scoreBin(score)] ?? 0) + 1;
    return { score, label, delay: -(label === 1 ? positiveMean : 60) * Math.log(1 - random()) };
  });
  const known = performanceOf(
    'binary',
    rows.filter(({ delay }) => delay <= age),
  );
  const whole = performanceOf('binary', rows);
  if (known.kind !== 'binary' || whole.kind !== 'binary') throw new TypeError('expected a binary model');
  return {
    selection: labelSelectionOf(all, known),
    known: binaryMetricsOf(known).values,
    whole: binaryMetricsOf(whole).values,
  };
}

describe('labelled against unlabelled scores', () => {
  it('shows that positives come later, and metrics of what is known are biased', () => {
    const { selection, known, whole } = simulate(600, 120);
    expect(selection).toMatchObject({ isSelected: true });
    expect(selection.unlabelledScoresAboveRatio).toBeGreaterThan(0.7);
    expect(selection.meanUnlabelledScore).toBeGreaterThan(selection.meanLabelledScore!);
    expect(known.baseRate).toBeLessThan(whole.baseRate! - 0.1);
    expect(whole.calibrationBias).toBeCloseTo(0, 1.7);
    expect(known.calibrationBias).toBeGreaterThan(0.08);
  });

  it('is quiet where positives come as negatives do: metrics of what is known speak for all', () => {
    const { selection, known, whole } = simulate(60, 60);
    expect(selection).toMatchObject({ isSelected: false });
    expect(selection.unlabelled).toBeGreaterThan(5_000);
    expect(known.baseRate).toBeCloseTo(whole.baseRate!, 1.7);
    expect(known.logLoss).toBeCloseTo(whole.logLoss!, 1.7);
  });

  it('is quiet again once the late positives are in', () => {
    const { selection, known, whole } = simulate(600, 60_000);
    expect(selection).toMatchObject({ unlabelled: 0, isSelected: false, unlabelledScoresAboveRatio: null });
    expect(known.baseRate).toBe(whole.baseRate);
  });

  it('of nothing labelled has nothing to compare', () => {
    expect(labelSelectionOf({ 3: 5 }, undefined)).toEqual({
      labelled: 0,
      unlabelled: 5,
      meanLabelledScore: null,
      meanUnlabelledScore: 3.5 / 512,
      unlabelledScoresAboveRatio: null,
      pValue: null,
      isSelected: false,
    });
  });
});
