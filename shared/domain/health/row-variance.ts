import { type BinaryPerformance, type Performance, type ScoreCounts, scoreBins } from '../ground-truth/aggregates.ts';
import { lossAt } from './loss-at.ts';
import type { PerformanceTest } from './performance-tests.ts';

/**
 * Sampling variance that the metric would have if its rows were independent, from the sums of a window. AUC: DeLong et
 * al. 1988 on the score bins; skill and calibration bias: delta method, each row at the middle of its bin. null where the
 * sums do not tell (RMSE takes fourth powers) or the rows do not define it.
 */
export function rowVariance(name: PerformanceTest['name'], performance: Performance): number | null {
  if (performance.kind === 'regression') return null;
  const { n, positives } = performance;
  if (n < 2 || name === 'rmse') return null;
  if (name === 'calibrationBias') {
    const bias = (performance.sumScore - positives) / n;
    return Math.max(0, performance.sumSquaredError / n - bias ** 2) / (n - 1);
  }
  if (positives < 2 || n - positives < 2) return null;
  return name === 'auc' ? aucVariance(performance) : skillVariance(performance);
}

function aucVariance({ n, positives, positiveScores, negativeScores }: BinaryPerformance): number {
  const negatives = n - positives;
  const [ofPositives, ofNegatives] = [moments(), moments()];
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const [p, q] = [countIn(positiveScores, bin), countIn(negativeScores, bin)];
    ofPositives.add((negativesBelow + q / 2) / negatives, p);
    ofNegatives.add((positivesBelow + p / 2) / positives, q);
    positivesBelow += p;
    negativesBelow += q;
  }
  return ofPositives.variance() / positives + ofNegatives.variance() / negatives;
}

/** Skill 1 − L / H(r): a row moves the mean loss L and, by its label, the base rate r and its entropy H. */
function skillVariance({ n, positives, sumLogLoss, positiveScores, negativeScores }: BinaryPerformance): number {
  const [rate, loss] = [positives / n, sumLogLoss / n];
  const entropy = -rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate);
  const slope = Math.log((1 - rate) / rate);
  const influences = moments();
  const ofLabel = [0, 1].map((label) => (loss * slope * (label - rate)) / entropy ** 2);
  for (let bin = 0; bin < scoreBins; bin += 1) {
    influences.add((loss - lossAt(bin, 1)) / entropy + ofLabel[1]!, countIn(positiveScores, bin));
    influences.add((loss - lossAt(bin, 0)) / entropy + ofLabel[0]!, countIn(negativeScores, bin));
  }
  return influences.variance() / n;
}

function countIn(counts: ScoreCounts, bin: number): number {
  return counts[bin] ?? 0;
}

/** Weighted variance, with n − 1. */
function moments() {
  let [weight, sum, squares] = [0, 0, 0];
  return {
    add: (value: number, count: number) => {
      weight += count;
      sum += count * value;
      squares += count * value ** 2;
    },
    variance: () => Math.max(0, squares - sum ** 2 / weight) / (weight - 1),
  };
}
