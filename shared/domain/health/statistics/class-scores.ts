import { mergeSamples, type PlacedCounts } from './ordered-counts.ts';
import { type SortedSample, sortedSample } from './sorted-sample.ts';

/** Scores of both classes, sorted once; what ranks them starts from it. `n` negatives, `m` positives. */
export type ClassScores = {
  readonly negatives: SortedSample;
  readonly positives: SortedSample;
  /** `reference` counts the negatives, `current` the positives. */
  readonly counts: PlacedCounts;
};

/** Labels are 0 or 1; rows whose label or score is not a number are left out. */
export function classScores(labels: ArrayLike<number>, scores: ArrayLike<number>): ClassScores {
  const positives = new Float64Array(labels.length);
  const negatives = new Float64Array(labels.length);
  let [p, n] = [0, 0];
  for (let i = 0; i < labels.length; i += 1) {
    if (labels[i] === 1) {
      positives[p] = scores[i]!;
      p += 1;
    } else if (labels[i] === 0) {
      negatives[n] = scores[i]!;
      n += 1;
    }
  }
  const sorted = {
    negatives: sortedSample(negatives.subarray(0, n)),
    positives: sortedSample(positives.subarray(0, p)),
  };
  return { ...sorted, counts: mergeSamples(sorted.negatives, sorted.positives) };
}

export const oneClass = 'all labels are equal';
