import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** Rows whose scores fall into one bin. */
export type ReliabilityBin = {
  readonly bin: number;
  readonly rows: number;
  readonly meanScore: number;
  readonly meanLabel: number;
};

type CalibrationError = {
  /** Expected calibration error Σ (n_b / N) |mean label - mean score|, 0..1. */
  readonly value: number;
  /** The largest of the bins' errors. */
  readonly maximum: number;
  /** The bins that hold rows, ascending. */
  readonly reliability: readonly ReliabilityBin[];
};

/**
 * Expected and maximum calibration error on equal-width bins of the score (Naeini, Cooper & Hauskrecht 2015; Guo et al.
 * 2017). It is biased upwards when bins hold few rows. Labels are 0 or 1, scores 0..1.
 */
export function calibrationError(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  bins = 10,
): CalibrationError | UndefinedStatistic {
  const n = labels.length;
  if (n === 0) return undefinedStatistic('no labelled row');
  if (!Array.prototype.every.call(scores, Number.isFinite)) return undefinedStatistic('a score is not a finite number');
  const reliability = reliabilityBins(labels, scores, bins);
  const errorOf = ({ meanLabel, meanScore }: ReliabilityBin) => Math.abs(meanLabel - meanScore);
  return {
    value: reliability.reduce((sum, bin) => sum + (bin.rows / n) * errorOf(bin), 0),
    maximum: Math.max(...reliability.map(errorOf)),
    reliability,
  };
}

function reliabilityBins(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  bins: number,
): readonly ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, score: 0, label: 0 }));
  for (let i = 0; i < labels.length; i += 1) {
    const sum = sums[Math.max(0, Math.min(bins - 1, Math.floor(scores[i]! * bins)))]!;
    sum.rows += 1;
    sum.score += scores[i]!;
    sum.label += labels[i]!;
  }
  return sums.flatMap(({ rows, score, label }, bin) =>
    rows === 0 ? [] : [{ bin, rows, meanScore: score / rows, meanLabel: label / rows }],
  );
}
